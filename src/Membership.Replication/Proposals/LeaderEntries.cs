using System.Buffers;
using Membership.Replication.Divergence;
using Membership.Replication.Versions;

namespace Membership.Replication.Proposals;

/// <summary>What a leader proposes of itself: a newer state version that all voters know, and checkpoints of its state.</summary>
internal sealed class LeaderEntries(MembershipStore store, VersionUpgrade upgrade, Checkpoints checkpoints)
{
    /// <summary>Whether there is something to propose.</summary>
    public bool AreDue => upgrade.IsDue(store.Summary) || checkpoints.IsDue(store.Summary);

    /// <summary>Writes the next one. For a leader whose state is the latest that there is.</summary>
    public bool TryWrite(IBufferWriter<byte> output)
    {
        var state = store.Summary;
        if (upgrade.IsDue(state)) EntryFormat.WriteStateVersion(output, upgrade.Target);
        else if (checkpoints.IsDue(state)) EntryFormat.WriteCheckpoint(output, new(state.AppliedIndex, state.Digest));
        else return false;
        return true;
    }
}
