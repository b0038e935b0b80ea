using Membership.Replication;
using Membership.State;

namespace Membership.Cluster.Tests.Divergence;

/// <summary>Spoils a replica's state as a bit of its memory would, at an index that stays what it is.</summary>
internal static class Corruption
{
    private const string Mark = "never set";

    /// <summary>Whether the state is one that was spoilt.</summary>
    public static bool IsSpoilt(this MembershipState state) =>
        state.Tables.Nodes.TryGetFirst(out var first) && first.Value.ExternalId.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Gives the first node an external id that nobody set.</summary>
    public static async Task SpoilAsync(this MembershipReplica replica, int with)
    {
        using var turn = await replica.Engine.Fence.TakeTurnAsync(default);
        var state = replica.Engine.Store.Current;
        var draft = new Draft(state);
        Xunit.Assert.True(state.Tables.Nodes.TryGetFirst(out var first));
        draft.PutNode(first.Key, first.Value with { ExternalId = $"{Mark} {with}" });
        replica.Engine.Store.ReplaceState(draft.Publish(state.AppliedIndex, state.AppliedTerm));
    }
}
