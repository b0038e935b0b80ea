namespace Membership.Mutations.Rules;

/// <summary>Gives out network ids: in increasing order, and when all have been given out, the one that is free the longest.</summary>
/// <remarks>Source: command specification, section 1.</remarks>
internal static class NetworkIds
{
    /// <summary>Takes an id, or changes nothing when as many networks live as there are ids.</summary>
    public static bool TryTake(MutationContext c, out NetworkId id)
    {
        if (c.State.Counters.LastNetworkId < c.Limits.MaxNetworkId)
        {
            id = new(++c.State.Counters.LastNetworkId);
            return true;
        }

        if (c.State.Tables.FreedIds.TryGetFirst(out var freed))
        {
            id = freed.Value;
            c.State.RemoveFreedId(freed.Key, id);
            return true;
        }

        id = default;
        return false;
    }
}
