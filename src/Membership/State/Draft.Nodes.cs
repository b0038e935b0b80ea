namespace Membership.State;

internal sealed partial class Draft
{
    public bool TryGetNode(NodeId id, out Node node) => Tables.Nodes.TryGetValue(id, out node!);

    public bool IsRegistered(NodeId id) => Tables.Nodes.ContainsKey(id);

    /// <summary>Whose key it is or was.</summary>
    public bool TryGetKeyHolder(PublicKey key, out KeyHolder holder) => Tables.KeyHolders.TryGetValue(key, out holder);

    public void PutNode(NodeId id, Node node)
    {
        if (TryGetNode(id, out var old)) Subtract(_record.Hash(id, old));
        Add(_record.Hash(id, node));
        Tables.Nodes = Tables.Nodes.Set(id, node, _mark);
        if (old is null || old.KeyVersion != node.KeyVersion)
            Tables.KeyHolders = Tables.KeyHolders.Set(node.PublicKey, new(id, node.KeyVersion), _mark);
    }

    public void AddFormerKey(NodeId id, uint version, PublicKey key)
    {
        var record = new KeyVersionKey(id, version);
        Add(_record.Hash(record, key));
        Tables.FormerKeys = Tables.FormerKeys.Set(record, key, _mark);
        Tables.KeyHolders = Tables.KeyHolders.Set(key, new(id, version), _mark);
    }

    /// <summary>Removes the node's record and frees its present and former keys.</summary>
    public void RemoveNode(NodeId id, Node node)
    {
        foreach (var (key, former) in Tables.FormerKeys.Listed(Ranges.FormerKeys(id)))
        {
            Subtract(_record.Hash(key, former));
            Tables.FormerKeys = Tables.FormerKeys.Remove(key, _mark);
            Tables.KeyHolders = Tables.KeyHolders.Remove(former, _mark);
        }

        Subtract(_record.Hash(id, node));
        Tables.Nodes = Tables.Nodes.Remove(id, _mark);
        Tables.KeyHolders = Tables.KeyHolders.Remove(node.PublicKey, _mark);
    }
}
