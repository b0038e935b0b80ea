namespace Membership.Protocol.Requests;

/// <summary>What a command asks of somebody who shows no credential at all.</summary>
public enum Credential
{
    /// <summary>Nothing: whoever asks is answered what they may see.</summary>
    None = 0,

    /// <summary>A signature or a token; without one <see cref="Code.SignatureRequired"/>.</summary>
    Any = 1,

    /// <summary>An admin token; without one <see cref="Code.AdminRequired"/>.</summary>
    Admin = 2,
}
