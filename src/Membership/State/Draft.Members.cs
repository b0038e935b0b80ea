namespace Membership.State;

internal sealed partial class Draft
{
    public bool TryGetMember(NetworkId network, NodeId node, out Member member) =>
        Tables.Members.TryGetValue(new(network, node), out member);

    public bool IsMember(NetworkId network, NodeId node) => Tables.Members.ContainsKey(new(network, node));

    public int CountMembers(NetworkId network)
    {
        var (from, to) = Ranges.Members(network);
        return Tables.Members.CountBetween(from, to);
    }

    public void PutMember(NetworkId network, NodeId node, in Member member)
    {
        var key = new MemberKey(network, node);
        if (Tables.Members.TryGetValue(key, out var old))
        {
            Subtract(_record.Hash(key, old));
            if (old.Role != member.Role) DropRoleIndex(network, node, old);
        }
        else
        {
            Tables.MembersByJoin = Tables.MembersByJoin.Set(new(network, member.JoinRevision), node, _mark);
            Tables.NetworksOfNode = Tables.NetworksOfNode.Set(new(node, network), default, _mark);
        }

        Add(_record.Hash(key, member));
        Tables.Members = Tables.Members.Set(key, member, _mark);
        if (member.Role == Role.Owner) Tables.Owners = Tables.Owners.Set(network, node, _mark);
        if (member.Role == Role.Admin)
            Tables.AdminsByJoin = Tables.AdminsByJoin.Set(new(network, member.JoinRevision), node, _mark);
    }

    public void RemoveMember(NetworkId network, NodeId node, in Member member)
    {
        var key = new MemberKey(network, node);
        Subtract(_record.Hash(key, member));
        DropRoleIndex(network, node, member);
        Tables.Members = Tables.Members.Remove(key, _mark);
        Tables.MembersByJoin = Tables.MembersByJoin.Remove(new(network, member.JoinRevision), _mark);
        Tables.NetworksOfNode = Tables.NetworksOfNode.Remove(new(node, network), _mark);
    }

    private void DropRoleIndex(NetworkId network, NodeId node, in Member member)
    {
        // A transfer sets the new owner either before or after the old one steps down: only one's own entry is dropped.
        if (member.Role == Role.Owner && Tables.Owners.TryGetValue(network, out var owner) && owner == node)
            Tables.Owners = Tables.Owners.Remove(network, _mark);
        if (member.Role == Role.Admin)
            Tables.AdminsByJoin = Tables.AdminsByJoin.Remove(new(network, member.JoinRevision), _mark);
    }
}
