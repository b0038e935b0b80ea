namespace Membership.Queries;

/// <summary>Who may see a network that is not open.</summary>
public enum DirectoryAccess
{
    /// <summary>Its members, its network admin and admins.</summary>
    Members = 0,

    /// <summary>Everybody.</summary>
    Open = 1,
}
