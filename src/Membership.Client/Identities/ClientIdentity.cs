using Membership.Protocol.Signing;

namespace Membership.Client;

/// <summary>As whom a client asks. What it holds never shows in its text.</summary>
/// <remarks>Immutable, for any thread. Keys stay with the caller, who disposes them when no client uses them any more.</remarks>
public abstract class ClientIdentity
{
    private protected ClientIdentity()
    {
    }

    /// <summary>Nobody: for queries that anybody may ask. A mutation is refused with <c>signature_required</c>.</summary>
    public static ClientIdentity Anonymous { get; } = new TokenIdentity(null, "anonymous");

    /// <summary>A registered node: signs mutations and queries alike.</summary>
    /// <param name="node">The node, not 0.</param>
    /// <param name="key">Its present key.</param>
    /// <exception cref="ArgumentException">The node is nobody.</exception>
    public static ClientIdentity Node(NodeId node, NodeKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (node.IsNobody) throw new ArgumentException("Node 0 is nobody.", nameof(node));
        return new KeyIdentity(node, key);
    }

    /// <summary>
    /// A key that registers itself, where the replicas allow it: for <see cref="MembershipClient.RegisterNodeAsync"/> with this key. Asks
    /// queries as nobody.
    /// </summary>
    public static ClientIdentity NewKey(NodeKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new KeyIdentity(NodeId.Nobody, key);
    }

    /// <summary>An admin of the whole registry.</summary>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    public static ClientIdentity AdminToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new TokenIdentity(token, "admin token");
    }

    /// <summary>An admin of one network: its token counts in requests that name the network.</summary>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    public static ClientIdentity NetworkAdminToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new TokenIdentity(token, "network admin token");
    }

    /// <summary>Makes the bytes that go out.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="stamp">The place in the session; null for a query.</param>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="time">For the time of issue.</param>
    internal abstract SealedRequest Seal(WireCommand command, RequestStamp? stamp, string cluster, TimeProvider time);
}
