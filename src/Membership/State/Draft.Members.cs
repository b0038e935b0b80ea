namespace Membership.State;

internal sealed partial class Draft
{
    public bool TryGetMember(NetworkId network, NodeId node, out Member member) =>
        Tables.Members.TryGetValue(network, node, out member);

    public bool IsMember(NetworkId network, NodeId node) => Tables.Members.Contains(network, node);

    public int CountMembers(NetworkId network)
    {
        var (from, to) = Ranges.ByJoin(network);
        return Tables.MembersByJoin.CountBetween(from, to);
    }

    /// <summary>Adds one who is no member yet.</summary>
    public void AddMember(NetworkId network, NodeId node, in Member member)
    {
        Tables.MembersByJoin = Tables.MembersByJoin.Set(new(network, member.JoinRevision), node, _mark);
        Put(network, node, member, hadTags: false);
    }

    /// <summary>Adds or replaces.</summary>
    public void PutMember(NetworkId network, NodeId node, in Member member)
    {
        if (!TryGetMember(network, node, out var old))
        {
            AddMember(network, node, member);
            return;
        }

        Subtract(_record.Hash(new MemberKey(network, node), old));
        if (old.Role != member.Role) DropRoleIndex(network, node, old);
        Put(network, node, member, hadTags: old.Tags.Length > 0);
    }

    public void RemoveMember(NetworkId network, NodeId node, in Member member)
    {
        Subtract(_record.Hash(new MemberKey(network, node), member));
        DropRoleIndex(network, node, member);
        Tables.Members = Tables.Members.Remove(network, node, hasTags: member.Tags.Length > 0, _mark);
        Tables.MembersByJoin = Tables.MembersByJoin.Remove(new(network, member.JoinRevision), _mark);
    }

    private void Put(NetworkId network, NodeId node, in Member member, bool hadTags)
    {
        Add(_record.Hash(new MemberKey(network, node), member));
        Tables.Members = Tables.Members.Set(network, node, member, hadTags, _mark);
        if (member.Role == Role.Owner) Tables.Owners = Tables.Owners.Set(network, node, _mark);
        if (member.Role == Role.Admin)
            Tables.AdminsByJoin = Tables.AdminsByJoin.Set(new(network, member.JoinRevision), node, _mark);
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
