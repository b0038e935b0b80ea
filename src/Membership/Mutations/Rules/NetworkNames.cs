namespace Membership.Mutations.Rules;

/// <summary>Valid, not reserved; and whether a name is free.</summary>
internal static class NetworkNames
{
    public static Code Check(MutationContext c, string name)
    {
        if (!NameRules.IsLabel(name, c.Limits.NameBytesMax)) return Code.NameInvalid;
        return name == NameRules.Backbone ? Code.NameReserved : Code.Ok;
    }

    /// <summary>Whether another network has the name.</summary>
    public static bool IsTaken(MutationContext c, string name, NetworkId self = default) =>
        c.State.Tables.NetworkNames.TryGetValue(new(name), out var holder) && holder != self;
}
