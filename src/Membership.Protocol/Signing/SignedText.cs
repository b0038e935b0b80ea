using System.Text;

namespace Membership.Protocol.Signing;

/// <summary>The texts that are signed by themselves, outside of an envelope, and how such a signature is checked.</summary>
/// <remarks>Source: command specification, 3 (<c>rotate_node_key</c>), 5 (legacy) and 6 (stock clients). Thread-safe.</remarks>
public static class SignedText
{
    /// <summary><c>rotate_node_key:&lt;cluster&gt;:&lt;node&gt;:&lt;key&gt;</c>, signed by the new key.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="node">The node.</param>
    /// <param name="publicKey">The new key as sent.</param>
    public static string RotateNodeKey(string cluster, NodeId node, string publicKey) => $"rotate_node_key:{cluster}:{node}:{publicKey}";

    /// <summary><c>join_network:&lt;node&gt;:&lt;net&gt;</c>.</summary>
    public static string JoinNetwork(NodeId node, NetworkId network) => $"join_network:{node}:{network}";

    /// <summary><c>leave_network:&lt;node&gt;:&lt;net&gt;</c>.</summary>
    public static string LeaveNetwork(NodeId node, NetworkId network) => $"leave_network:{node}:{network}";

    /// <summary><c>invite:&lt;inviter&gt;:&lt;net&gt;:&lt;target&gt;</c>.</summary>
    public static string Invite(NodeId inviter, NetworkId network, NodeId target) => $"invite:{inviter}:{network}:{target}";

    /// <summary><c>poll_invites:&lt;node&gt;</c>.</summary>
    public static string PollInvites(NodeId node) => $"poll_invites:{node}";

    /// <summary><c>respond_invite:&lt;node&gt;:&lt;net&gt;</c>: it does not say whether to accept.</summary>
    public static string RespondInvite(NodeId node, NetworkId network) => $"respond_invite:{node}:{network}";

    /// <summary><c>deregister:&lt;node&gt;</c>.</summary>
    public static string Deregister(NodeId node) => $"deregister:{node}";

    /// <summary><c>set_task_exec:&lt;node&gt;</c>.</summary>
    public static string SetTaskExec(NodeId node) => $"set_task_exec:{node}";

    /// <summary><c>list_networks:&lt;requester&gt;</c>.</summary>
    public static string ListNetworks(NodeId requester) => $"list_networks:{requester}";

    /// <summary><c>list_nodes:&lt;requester&gt;:&lt;net&gt;</c>.</summary>
    public static string ListNodes(NodeId requester, NetworkId network) => $"list_nodes:{requester}:{network}";

    /// <summary><c>register:&lt;listen_addr&gt;:&lt;key&gt;</c>, both as sent.</summary>
    public static string Register(string listenAddress, string publicKey) => $"register:{listenAddress}:{publicKey}";

    /// <summary>Whether a signature over the UTF-8 bytes of the text is this key's.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The text.</param>
    /// <param name="signature">Standard base64 with padding, as sent; anything else verifies nothing.</param>
    public static bool Verify(PublicKey key, string text, string signature) =>
        Base64Text.TryDecode(signature, out var bytes) && Ed25519.Verify(key, Encoding.UTF8.GetBytes(text), bytes);
}
