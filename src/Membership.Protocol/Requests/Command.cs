namespace Membership.Protocol.Requests;

/// <summary>What a request asks, typed: a <see cref="MutationCommand"/> or one of the records derived from <see cref="Query"/>.</summary>
/// <remarks>Immutable. Holds no credential; whatever token is a field of a command never shows in its text.</remarks>
public abstract record Command
{
    /// <summary>What it asks of somebody who shows no credential at all.</summary>
    public abstract Credential Credential { get; }

    /// <summary>The network that it names, whose admin token may be shown; null for none.</summary>
    public abstract NetworkId? Network { get; }

    /// <summary>The text of its legacy signature; null for a command that never had one.</summary>
    public virtual LegacyChallenge? Challenge => null;
}
