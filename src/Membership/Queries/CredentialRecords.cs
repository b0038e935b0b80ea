using Membership.State;

namespace Membership.Queries;

/// <summary>A key that a node has or had.</summary>
/// <param name="Key">The key.</param>
/// <param name="Version">Its version: 1 at registration, one more with each rotation.</param>
public readonly record struct VersionedKey(PublicKey Key, uint Version);

/// <summary>What one state knows of keys and tokens: whoever authenticates a request checks it against these.</summary>
/// <remarks>Reads an immutable state, so any thread may use it. Verifiers say nothing without the cluster's secret; still, show them to nobody.</remarks>
public readonly struct CredentialRecords
{
    private readonly MembershipState _state;

    /// <summary>Looks at this state.</summary>
    public CredentialRecords(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
    }

    /// <summary>The key of a node; null when there is no such node.</summary>
    public VersionedKey? PresentKey(NodeId node) =>
        _state.Tables.Nodes.TryGetValue(node, out var found) ? new(found.PublicKey, found.KeyVersion) : null;

    /// <summary>The keys that a node had before, the newest first; at most <paramref name="max"/> of them.</summary>
    public IEnumerable<VersionedKey> FormerKeys(NodeId node, int max)
    {
        if (PresentKey(node) is not { } present) yield break;
        for (var version = present.Version - 1; version >= 1 && max > 0; version--, max--)
        {
            if (_state.Tables.FormerKeys.TryGetValue(new(node, version), out var key)) yield return new(key, version);
        }
    }

    /// <summary>The verifier of a network's join token; null when it has none, or is not there.</summary>
    public VersionedVerifier? JoinToken(NetworkId network) =>
        _state.Tables.Networks.TryGetValue(network, out var found) ? found.JoinToken : null;

    /// <summary>The verifier of a network's admin token; null when it has none, or is not there.</summary>
    public VersionedVerifier? AdminToken(NetworkId network) =>
        _state.Tables.Networks.TryGetValue(network, out var found) ? found.AdminToken : null;
}
