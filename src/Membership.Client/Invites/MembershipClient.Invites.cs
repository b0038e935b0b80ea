namespace Membership.Client;

public sealed partial class MembershipClient
{
    /// <summary>Invites a node to an invite network. For the inviter (owner or admin there), the network's admin token, and admins.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inviter">In whose name.</param>
    /// <param name="target">Whom.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// Rejected: <c>self_invite</c>, <c>not_authorized</c>, <c>node_not_found</c>, <c>network_not_found</c>, <c>enterprise_required</c>,
    /// <c>not_invite_network</c>, <c>not_a_member</c>, <c>role_required</c>, <c>already_member</c>, <c>inbox_full</c>,
    /// <c>too_many_invites</c>.
    /// </returns>
    public Task<ClientOutcome<SentInvite>> InviteToNetworkAsync(
        NetworkId network, NodeId inviter, NodeId target, CancellationToken cancel = default) => MutateAsync(
        "invite_to_network",
        f => f.Write("network_id", network).Write("inviter_id", inviter).Write("target_node_id", target),
        a => new SentInvite(a.Network(), a.Node("target_node_id"), a.OptionalText("status") == "already_invited"),
        cancel);

    /// <summary>Accepts or refuses an invite. For the node itself alone.</summary>
    /// <returns>Rejected: <c>not_authorized</c>, <c>node_not_found</c>, <c>invite_not_found</c>, <c>network_full</c> (the invite stays).</returns>
    public Task<ClientOutcome<InviteResponse>> RespondInviteAsync(
        NodeId node, NetworkId network, bool accept, CancellationToken cancel = default) => MutateAsync(
        "respond_invite",
        f => f.Write("node_id", node).Write("network_id", network).Write("accept", accept),
        a => new InviteResponse(a.Network(), a.Flag("accepted") ? ReadAdmission(a) : null),
        cancel);

    /// <summary>Takes an invite back. For the network's owner and admins, and admins of the registry.</summary>
    /// <returns>Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>invite_not_found</c>.</returns>
    public Task<ClientOutcome<TargetOfNetwork>> RevokeInviteAsync(NetworkId network, NodeId target, CancellationToken cancel = default) =>
        MutateAsync("revoke_invite", Target(network, target), ReadTarget, cancel);

    /// <summary>Lists a node's inbox in order of arrival; reading consumes nothing. For the node itself and admins.</summary>
    /// <returns>Rejected: <c>not_authorized</c>, <c>node_not_found</c>.</returns>
    public Task<ClientOutcome<ListPage<ReceivedInvite>>> PollInvitesAsync(
        NodeId node, ListOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "poll_invites",
        f => f.Write("node_id", node),
        options,
        a => new ListPage<ReceivedInvite>(
            a.List("invites", (AnswerReader i) => new ReceivedInvite(i.Network(), i.Node("inviter_id"), i.Seconds("timestamp"))), a.Next),
        cancel);

    /// <summary>Goes through a node's inbox, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<ReceivedInvite> EnumerateReceivedInvitesAsync(
        NodeId node, QueryOptions? options = null, CancellationToken cancel = default) =>
        EnumerateAsync(async (page, stop) => (await PollInvitesAsync(node, page, stop)).Require(), options, cancel);

    /// <summary>Lists a network's pending invites. For its owner and admins, its admin token, and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>answer_too_large</c> without a limit.
    /// </returns>
    public Task<ClientOutcome<ListPage<NetworkInvite>>> ListInvitesAsync(
        NetworkId network, ListOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "list_invites",
        f => f.Write("network_id", network),
        options,
        a => new ListPage<NetworkInvite>(
            a.List("invites", (AnswerReader i) => new NetworkInvite(i.Node("target_node_id"), i.Node("inviter_id"), i.Seconds("timestamp"))),
            a.Next),
        cancel);

    /// <summary>Goes through a network's pending invites, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<NetworkInvite> EnumerateInvitesAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) =>
        EnumerateAsync(async (page, stop) => (await ListInvitesAsync(network, page, stop)).Require(), options, cancel);
}
