using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Membership.Client;

public sealed partial class MembershipClient
{
    /// <summary>Makes a node a member. For the node itself and admins.</summary>
    /// <param name="node">The node.</param>
    /// <param name="network">The network.</param>
    /// <param name="token">The join token of a <see cref="JoinRule.Token"/> network; null for none.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// Rejected: <c>not_authorized</c>, <c>node_not_found</c>, <c>network_not_found</c>, <c>join_token_invalid</c>, <c>invite_only</c>,
    /// <c>already_member</c>, <c>network_full</c>.
    /// </returns>
    public Task<ClientOutcome<Admission>> JoinNetworkAsync(
        NodeId node, NetworkId network, string? token = null, CancellationToken cancel = default) => MutateAsync(
        "join_network",
        f => f.Write("node_id", node).Write("network_id", network).Write("token", token),
        ReadAdmission,
        cancel);

    /// <summary>Ends a membership. For the node itself and admins.</summary>
    /// <returns>
    /// Rejected: <c>not_authorized</c>, <c>node_not_found</c>, <c>network_not_found</c>, <c>not_a_member</c>, <c>cannot_leave</c>.
    /// </returns>
    public Task<ClientOutcome<NetworkId>> LeaveNetworkAsync(NodeId node, NetworkId network, CancellationToken cancel = default) =>
        MutateAsync("leave_network", f => f.Write("node_id", node).Write("network_id", network), a => a.Network(), cancel);

    /// <summary>Removes a member of an enterprise network. For its owner and admins, and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>enterprise_required</c>,
    /// <c>cannot_kick_owner</c>, <c>cannot_kick_admin</c>.
    /// </returns>
    public Task<ClientOutcome<TargetOfNetwork>> KickMemberAsync(NetworkId network, NodeId target, CancellationToken cancel = default) =>
        MutateAsync("kick_member", Target(network, target), ReadTarget, cancel);

    /// <summary>Makes a member of an enterprise network an admin. For its owner and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>enterprise_required</c>,
    /// <c>cannot_change_owner</c>, <c>already_admin</c>.
    /// </returns>
    public Task<ClientOutcome<MemberRole>> PromoteMemberAsync(NetworkId network, NodeId target, CancellationToken cancel = default) =>
        MutateAsync("promote_member", Target(network, target), ReadRole, cancel);

    /// <summary>Makes an admin of an enterprise network a plain member. For its owner and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>enterprise_required</c>,
    /// <c>cannot_change_owner</c>, <c>already_plain_member</c>.
    /// </returns>
    public Task<ClientOutcome<MemberRole>> DemoteMemberAsync(NetworkId network, NodeId target, CancellationToken cancel = default) =>
        MutateAsync("demote_member", Target(network, target), ReadRole, cancel);

    /// <summary>Gives an enterprise network another owner; the old one becomes an admin. For the owner and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>enterprise_required</c>, <c>already_owner</c>.
    /// </returns>
    public Task<ClientOutcome<OwnershipTransfer>> TransferOwnershipAsync(
        NetworkId network, NodeId newOwner, CancellationToken cancel = default) => MutateAsync(
        "transfer_ownership",
        f => f.Write("network_id", network).Write("new_owner_id", newOwner),
        a => new OwnershipTransfer(a.Network(), a.Node("old_owner"), a.Node("new_owner")),
        cancel);

    /// <summary>Replaces a member's tags; an empty list clears them. For the network's owner and admins, and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>too_many_tags</c>, <c>tag_invalid</c>.
    /// </returns>
    public Task<ClientOutcome<MemberTags>> SetMemberTagsAsync(
        NetworkId network, NodeId target, IReadOnlyList<string> tags, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return MutateAsync(
            "set_member_tags",
            f => f.Write("network_id", network).Write("target_node_id", target).Write("tags", tags),
            ReadTags,
            cancel);
    }

    /// <summary>Lists a network's members in the order of joining; of the backbone all nodes (admin only). For whoever may see it.</summary>
    /// <returns>Rejected: <c>network_not_found</c>, <c>admin_required</c>, <c>answer_too_large</c> without a limit.</returns>
    public Task<ClientOutcome<ListPage<MemberInfo>>> ListNodesAsync(
        NetworkId network, ListOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "list_nodes",
        f => f.Write("network_id", network),
        options,
        a => new ListPage<MemberInfo>(a.List("nodes", ReadMember), a.Next),
        cancel);

    /// <summary>Goes through all members of a network, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<MemberInfo> EnumerateNodesAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) =>
        EnumerateAsync(async (page, stop) => (await ListNodesAsync(network, page, stop)).Require(), options, cancel);

    /// <summary>Reads a member's role. For whoever may see the network.</summary>
    /// <returns>Rejected: <c>network_not_found</c>, <c>not_a_member</c>.</returns>
    public Task<ClientOutcome<MemberRole>> GetMemberRoleAsync(
        NetworkId network, NodeId target, QueryOptions? options = null, CancellationToken cancel = default) =>
        AskAsync("get_member_role", Target(network, target), options, ReadRole, cancel);

    /// <summary>Reads a member's tags; none for a node that is no member. For whoever may see the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="target">The node, not 0.</param>
    /// <param name="options">How fresh.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Rejected: <c>network_not_found</c>.</returns>
    /// <exception cref="ArgumentException">The node is nobody, which on the wire means everybody.</exception>
    public Task<ClientOutcome<MemberTags>> GetMemberTagsAsync(
        NetworkId network, NodeId target, QueryOptions? options = null, CancellationToken cancel = default)
    {
        if (target.IsNobody) throw new ArgumentException("Node 0 is nobody.", nameof(target));
        return AskAsync("get_member_tags", Target(network, target), options, ReadTags, cancel);
    }

    /// <summary>Lists the tags of every member, by node. For whoever may see the network.</summary>
    /// <returns>Rejected: <c>network_not_found</c>, <c>answer_too_large</c> without a limit.</returns>
    public Task<ClientOutcome<ListPage<MemberTags>>> ListMemberTagsAsync(
        NetworkId network, ListOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "get_member_tags",
        f => f.Write("network_id", network),
        options,
        a => new ListPage<MemberTags>([.. a.Properties("members").Select(member => ReadTagsOf(network, member))], a.Next),
        cancel);

    /// <summary>Goes through the tags of every member, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<MemberTags> EnumerateMemberTagsAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) =>
        EnumerateAsync(async (page, stop) => (await ListMemberTagsAsync(network, page, stop)).Require(), options, cancel);

    private static Action<RequestWriter> Target(NetworkId network, NodeId target) =>
        f => f.Write("network_id", network).Write("target_node_id", target);

    private static TargetOfNetwork ReadTarget(AnswerReader a) => new(a.Network(), a.Node("target_node_id"));

    private static MemberRole ReadRole(AnswerReader a) => new(a.Network(), a.Node("target_node_id"), a.Role("role"));

    private static MemberTags ReadTags(AnswerReader a) => new(a.Network(), a.Node("target_node_id"), a.Texts("tags"));

    private static MemberTags ReadTagsOf(NetworkId network, JsonProperty member)
    {
        var isNode = uint.TryParse(member.Name, NumberStyles.None, NumberFormatInfo.InvariantInfo, out var node);
        var isList = member.Value.ValueKind == JsonValueKind.Array
            && member.Value.EnumerateArray().All(tag => tag.ValueKind == JsonValueKind.String);
        if (!isNode || !isList) throw new InvalidDataException("The answer has no readable field members.");
        return new(network, new(node), [.. member.Value.EnumerateArray().Select(tag => tag.GetString()!)]);
    }

    private static Admission ReadAdmission(AnswerReader a) =>
        new(a.Network(), a.Address("address"), a.Role("role"), a.Rules("rules"), a.Document("expr_policy"));

    private static MemberInfo ReadMember(AnswerReader a)
    {
        var address = a.Address("address");
        var (role, tags) = address.Network.IsBackbone ? (Role.None, ImmutableArray<string>.Empty) : (a.Role("role"), a.Texts("member_tags"));
        return new(address, role, tags, a.Flag("task_exec"), a.Seconds("joined_at"));
    }
}
