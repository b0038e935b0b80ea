namespace Membership.State;

internal sealed partial class Draft
{
    public bool TryGetNetwork(NetworkId id, out Network network) => Tables.Networks.TryGetValue(id, out network!);

    public void PutNetwork(Network network)
    {
        if (TryGetNetwork(network.Id, out var old))
        {
            Subtract(_record.Hash(old));
            if (old.Name != network.Name) Tables.NetworkNames = Tables.NetworkNames.Remove(new(old.Name), _mark);
        }

        Add(_record.Hash(network));
        Tables.Networks = Tables.Networks.Set(network.Id, network, _mark);
        Tables.NetworkNames = Tables.NetworkNames.Set(new(network.Name), network.Id, _mark);
    }

    /// <summary>Removes the network's own record; members, invites and the rest go before it.</summary>
    public void RemoveNetwork(Network network)
    {
        Subtract(_record.Hash(network));
        Tables.Networks = Tables.Networks.Remove(network.Id, _mark);
        Tables.NetworkNames = Tables.NetworkNames.Remove(new(network.Name), _mark);
    }

    /// <summary>Sets the document; an empty one clears it.</summary>
    public void PutExprPolicy(NetworkId network, ReadOnlyMemory<byte> document)
    {
        if (Tables.ExprPolicies.TryGetValue(network, out var old))
        {
            Subtract(_record.Hash(network, old));
            Tables.ExprPolicies = Tables.ExprPolicies.Remove(network, _mark);
        }

        if (document.IsEmpty) return;
        Add(_record.Hash(network, document));
        Tables.ExprPolicies = Tables.ExprPolicies.Set(network, document, _mark);
    }

    public void AddPreAssignment(NetworkId network, PreAssignment assignment)
    {
        Add(_record.Hash(network, assignment));
        Tables.PreAssignments = Tables.PreAssignments.Set(
            new(network.Value, ExternalIdFolding.Fold(assignment.ExternalId)), assignment, _mark);
    }

    public void RemovePreAssignments(NetworkId network)
    {
        foreach (var (key, assignment) in Tables.PreAssignments.Listed(Ranges.PreAssignments(network)))
        {
            Subtract(_record.Hash(network, assignment));
            Tables.PreAssignments = Tables.PreAssignments.Remove(key, _mark);
        }
    }

    public void AddFreedId(ulong deletedAt, NetworkId network)
    {
        Add(_record.Hash(deletedAt, network));
        Tables.FreedIds = Tables.FreedIds.Set(deletedAt, network, _mark);
    }

    public void RemoveFreedId(ulong deletedAt, NetworkId network)
    {
        Subtract(_record.Hash(deletedAt, network));
        Tables.FreedIds = Tables.FreedIds.Remove(deletedAt, _mark);
    }
}
