namespace Membership.Registry;

/// <summary>Who may register a node.</summary>
public enum RegistrationMode
{
    /// <summary>Admins only.</summary>
    Admin = 0,

    /// <summary>Whoever proves the key, at most <see cref="RegistryOptions.RegistrationsPerMinuteMax"/> times a minute from one address.</summary>
    Proof = 1,
}
