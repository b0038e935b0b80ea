using Membership.Queries;

namespace Membership.Registry;

/// <summary>What a replica answers, and to whom. Read once, when <see cref="RegistryHandlers"/> are made; the same on every replica.</summary>
/// <remarks>Source: command specification, section 6.</remarks>
public sealed class RegistryOptions
{
    /// <summary>Registrations by proof that one source address has in a minute.</summary>
    public const int RegistrationsPerMinuteMax = 10;

    /// <summary>Who may see a network that is not open.</summary>
    public DirectoryAccess DirectoryAccess { get; set; } = DirectoryAccess.Members;

    /// <summary>Whether the signatures of stock clients count, which have no freshness.</summary>
    public bool LegacySignatures { get; set; }

    /// <summary>Who may register a node.</summary>
    public RegistrationMode Registration { get; set; } = RegistrationMode.Admin;

    /// <summary>Whether a network's admin token counts as its owner, and not only as an admin of it.</summary>
    public bool NetworkAdminCountsAsOwner { get; set; }

    /// <summary>Whether <c>register</c> and <c>deregister</c> of stock clients are taken.</summary>
    public bool StockWords { get; set; }

    /// <summary>Whether credentials are taken in the clear from beyond this machine.</summary>
    public bool InsecurePlaintext { get; set; }

    /// <summary>
    /// The admin tokens, 1 to 256 UTF-8 bytes each; several, so that one can be rotated. The audit trail names each by a number that only the
    /// cluster's secret leads to, see <see cref="Protocol.Tokens.ClusterSecret.AdminTokenId"/>. None: requests of admins are <see cref="Code.AdminDisabled"/>.
    /// </summary>
    public IList<string> AdminTokens { get; } = [];

    /// <summary>What stock clients of the Pilot Protocol need: <c>--compat pilot</c>.</summary>
    public static RegistryOptions PilotCompatible()
    {
        var options = new RegistryOptions();
        options.BePilotCompatible();
        return options;
    }

    /// <summary>Sets what stock clients of the Pilot Protocol need, and leaves the rest as it is.</summary>
    public void BePilotCompatible()
    {
        DirectoryAccess = DirectoryAccess.Open;
        LegacySignatures = true;
        Registration = RegistrationMode.Proof;
        NetworkAdminCountsAsOwner = true;
        StockWords = true;
    }
}
