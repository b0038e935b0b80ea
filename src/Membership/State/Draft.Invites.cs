namespace Membership.State;

internal sealed partial class Draft
{
    /// <summary>Invites created at or after this time live; cluster time never goes back, so an expired one stays expired.</summary>
    public long LiveSince => Counters.Time - _limits.InviteTtlMs;

    public bool IsLive(in Invite invite) => invite.CreatedAt >= LiveSince;

    /// <summary>An invite that is still held, alive or expired.</summary>
    public bool TryGetHeldInvite(NodeId target, NetworkId network, out Invite invite) =>
        Tables.Invites.TryGetValue(new(target, network), out invite);

    public bool TryGetLiveInvite(NodeId target, NetworkId network, out Invite invite) =>
        TryGetHeldInvite(target, network, out invite) && IsLive(invite);

    public int CountLiveInbox(NodeId target) => Tables.Inbox.CountBetween(
        new(target, LiveSince, 0), new(target, long.MaxValue, ulong.MaxValue));

    public int CountLiveSent(NodeId inviter) => Tables.InvitesSentByAge.CountBetween(
        new(inviter, LiveSince, 0), new(inviter, long.MaxValue, ulong.MaxValue));

    public void AddInvite(NodeId target, NetworkId network, in Invite invite)
    {
        var key = new NodeNetworkKey(target, network);
        Add(_record.Hash(key, invite));
        Tables.Invites = Tables.Invites.Set(key, invite, _mark);
        Tables.Inbox = Tables.Inbox.Set(new(target, invite.CreatedAt, invite.Arrival), network, _mark);
        Tables.InvitesByAge = Tables.InvitesByAge.Set(new(invite.CreatedAt, network, target), default, _mark);
        Tables.InvitesByNetwork = Tables.InvitesByNetwork.Set(new(network, target), default, _mark);
        Tables.InvitesSent = Tables.InvitesSent.Set(new(invite.Inviter, network, target), default, _mark);
        Tables.InvitesSentByAge = Tables.InvitesSentByAge.Set(
            new(invite.Inviter, invite.CreatedAt, invite.Arrival), default, _mark);
    }

    public void RemoveInvite(NodeId target, NetworkId network, in Invite invite)
    {
        var key = new NodeNetworkKey(target, network);
        Subtract(_record.Hash(key, invite));
        Tables.Invites = Tables.Invites.Remove(key, _mark);
        Tables.Inbox = Tables.Inbox.Remove(new(target, invite.CreatedAt, invite.Arrival), _mark);
        Tables.InvitesByAge = Tables.InvitesByAge.Remove(new(invite.CreatedAt, network, target), _mark);
        Tables.InvitesByNetwork = Tables.InvitesByNetwork.Remove(new(network, target), _mark);
        Tables.InvitesSent = Tables.InvitesSent.Remove(new(invite.Inviter, network, target), _mark);
        Tables.InvitesSentByAge = Tables.InvitesSentByAge.Remove(
            new(invite.Inviter, invite.CreatedAt, invite.Arrival), _mark);
    }
}
