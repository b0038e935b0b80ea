using Membership.Protocol.Signing;

namespace Membership.Client;

public sealed partial class MembershipClient
{
    /// <summary>Registers a key: as an admin, or as <see cref="ClientIdentity.NewKey"/> of it where the replicas allow that.</summary>
    /// <param name="key">The key.</param>
    /// <param name="externalId">Up to 256 UTF-8 bytes, admin only; null for none.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// The node, an existing one if the key is registered. Rejected: <c>admin_required</c>, <c>key_invalid</c>,
    /// <c>external_id_invalid</c>, <c>key_in_use</c>, <c>too_many_nodes</c>.
    /// </returns>
    public Task<ClientOutcome<NodeRegistration>> RegisterNodeAsync(
        PublicKey key, string? externalId = null, CancellationToken cancel = default) => MutateAsync(
        "register_node", f => f.Write("public_key", key.ToString()).Write("external_id", externalId), ReadRegistration, cancel);

    /// <summary>Ends a registration; the node leaves every network. For the node itself and admins.</summary>
    /// <returns>
    /// Done also for a node that is not there. Rejected: <c>not_authorized</c>. A repetition of a success by the node itself ends as
    /// unknown: its key no longer counts.
    /// </returns>
    public Task<ClientOutcome<NodeRegistration>> DeregisterNodeAsync(NodeId node, CancellationToken cancel = default) =>
        MutateAsync("deregister_node", f => f.Write("node_id", node), ReadRegistration, cancel);

    /// <summary>Replaces a node's key. For the node itself (by its old key) and admins.</summary>
    /// <param name="node">The node.</param>
    /// <param name="newKey">The new key, which proves itself by a signature. Ask as it afterwards.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// Rejected: <c>not_authorized</c>, <c>node_not_found</c>, <c>key_invalid</c>, <c>signature_invalid</c>, <c>key_in_use</c>.
    /// </returns>
    public Task<ClientOutcome<RotatedKey>> RotateNodeKeyAsync(NodeId node, NodeKey newKey, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(newKey);
        var key = newKey.PublicKey.ToString();
        var proof = newKey.SignText(SignedText.RotateNodeKey(_options.Cluster, node, key));
        return MutateAsync(
            "rotate_node_key",
            f => f.Write("node_id", node).Write("public_key", key).Write("new_key_proof", proof),
            a => new RotatedKey(a.Node("node_id"), a.UInt32("key_version")),
            cancel);
    }

    /// <summary>Sets a node's external id, and with it the roles pre-assigned to it. Admin only.</summary>
    /// <returns>Rejected: <c>admin_required</c>, <c>external_id_invalid</c>, <c>node_not_found</c>.</returns>
    public Task<ClientOutcome<NodeExternalId>> SetExternalIdAsync(NodeId node, string externalId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(externalId);
        return MutateAsync(
            "set_external_id",
            f => f.Write("node_id", node).Write("external_id", externalId),
            a => new NodeExternalId(a.Node("node_id"), a.Text("external_id")),
            cancel);
    }

    /// <summary>Sets a node's task-exec flag. For the node itself and admins.</summary>
    /// <returns>Rejected: <c>not_authorized</c>, <c>node_not_found</c>.</returns>
    public Task<ClientOutcome<NodeTaskExec>> SetTaskExecAsync(NodeId node, bool enabled, CancellationToken cancel = default) => MutateAsync(
        "set_task_exec",
        f => f.Write("node_id", node).Write("enabled", enabled),
        a => new NodeTaskExec(a.Node("node_id"), a.Flag("task_exec")),
        cancel);

    /// <summary>Reads a node. For anybody.</summary>
    /// <returns>Rejected: <c>node_not_found</c>.</returns>
    public Task<ClientOutcome<NodeInfo>> GetNodeAsync(NodeId node, QueryOptions? options = null, CancellationToken cancel = default) =>
        AskAsync("get_node", f => f.Write("node_id", node), options, ReadNode, cancel);

    private static NodeRegistration ReadRegistration(AnswerReader a) => new(a.Node("node_id"), a.Flag("existing"));

    private static NodeInfo ReadNode(AnswerReader a) => new(
        a.Node("node_id"),
        a.PublicKey("public_key"),
        a.UInt32("key_version"),
        a.Flag("task_exec"),
        a.Seconds("registered_at"),
        a.List("networks", value => new NetworkId(value.GetUInt16())),
        a.OptionalText("external_id"));
}
