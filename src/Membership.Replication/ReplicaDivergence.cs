using Membership.State;

namespace Membership.Replication;

/// <summary>
/// A replica whose state is, or may be, another than that of a majority. It serves nothing: no read, no change, no leadership. It goes on
/// keeping the log and voting.
/// </summary>
/// <param name="Stage">How far it is.</param>
/// <param name="Index">The applied index at which the states were compared.</param>
/// <param name="Own">This replica's digest there.</param>
/// <param name="Expected">The digest that another replica, or a majority, has there.</param>
public sealed record ReplicaDivergence(DivergenceStage Stage, long Index, StateDigest Own, StateDigest Expected)
{
    /// <summary>The folder with what this replica held; null before it is written.</summary>
    public string? Evidence { get; init; }

    /// <summary>What stands in the way of a new state, such as that no other replica answers; null when nothing is known to.</summary>
    public string? Obstacle { get; init; }

    /// <summary>A sentence for the operator.</summary>
    public string Message
    {
        get
        {
            var stage = Stage switch
            {
                DivergenceStage.Comparing => "the other replicas are asked which of them is right",
                DivergenceStage.Diverged => "a majority has the other one; the state is to be replaced by another replica's snapshot",
                DivergenceStage.Split => "no majority agrees, so that no replica serves; the state has to be restored by hand",
                _ => "the state was replaced and is catching up",
            };
            var obstacle = Obstacle is null ? "" : $" ({Obstacle})";
            return $"The state at index {Index} has digest {Own}, another replica's is {Expected}: {stage}{obstacle}.";
        }
    }
}

/// <summary>How far a replica is that found its state to be another than the others'.</summary>
public enum DivergenceStage
{
    /// <summary>States differ, and which one the majority has is being asked for. Entries are applied, so that a state that is right is up to date.</summary>
    Comparing,

    /// <summary>A majority has another state. Entries are passed over until a peer's snapshot has replaced this one.</summary>
    Diverged,

    /// <summary>All states are known and no majority has the same one: nothing can be believed, and an operator has to decide.</summary>
    Split,

    /// <summary>The state was replaced; the log is catching up with it.</summary>
    Rebuilt,
}
