namespace Membership.Mutations.Rules;

/// <summary>Who may ask, where no role in a network counts.</summary>
/// <remarks>Source: command specification, 2.8 (last sentence).</remarks>
internal static class ActorGate
{
    /// <summary>Only an admin.</summary>
    public static Code Admin(MutationContext c) => c.Actor.IsAdmin ? Code.Ok : Code.AdminRequired;

    /// <summary>The node itself or an admin.</summary>
    public static Code NodeOrAdmin(MutationContext c, NodeId node) =>
        c.Actor.IsAdmin || c.Actor.Is(node) ? Code.Ok : Code.NotAuthorized;

    /// <summary>The node itself and nobody else.</summary>
    public static Code NodeItself(MutationContext c, NodeId node) => c.Actor.Is(node) ? Code.Ok : Code.NotAuthorized;
}
