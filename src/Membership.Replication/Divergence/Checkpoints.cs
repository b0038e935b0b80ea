using Membership.Replication.Telemetry;
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Divergence;

/// <summary>When the leader is to make a checkpoint, and what this replica's own digests were at those of late.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Checkpoints
{
    // Enough for a peer that is some checkpoints behind or ahead.
    private const int Kept = 16;

    private readonly MembershipReplicaOptions _options;
    private readonly TimeProvider _time;
    private readonly Fence _fence;
    private readonly ILogger _logger;
    private readonly Lock _sync = new();
    private readonly Queue<StateCheckpoint> _own = new();
    private (long Index, ulong Revision, long Time) _last;
    private bool _isWanted;

    /// <summary>Counts from this state on.</summary>
    public Checkpoints(MembershipReplicaOptions options, StateSummary state, Fence fence, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _fence = fence;
        _logger = logger;
        _last = (state.AppliedIndex, state.Revision, time.GetTimestamp());
    }

    /// <summary>This replica's digests, oldest first.</summary>
    public IReadOnlyList<StateCheckpoint> Own
    {
        get
        {
            lock (_sync) return [.. _own];
        }
    }

    /// <summary>Whether the leader is to make one of this state: enough entries, enough time with a change in it, or someone asks.</summary>
    public bool IsDue(StateSummary state)
    {
        lock (_sync)
        {
            return _isWanted
                || state.AppliedIndex - _last.Index >= _options.CheckpointEntries
                || (state.Revision != _last.Revision && _time.GetElapsedTime(_last.Time).TotalMilliseconds >= _options.CheckpointPeriodMs);
        }
    }

    /// <summary>The leader is to make one as soon as it can.</summary>
    public void Request()
    {
        lock (_sync) _isWanted = true;
    }

    /// <summary>Compares the leader's digest with that of this replica's state, which the entry has not changed.</summary>
    /// <param name="leaders">What the entry says.</param>
    /// <param name="before">The applied index before the entry.</param>
    /// <param name="state">The state after it.</param>
    public void OnApplied(StateCheckpoint leaders, long before, StateSummary state)
    {
        lock (_sync)
        {
            _isWanted = false;
            _last = (state.AppliedIndex, state.Revision, _time.GetTimestamp());
            if (leaders.Index == before)
            {
                _own.Enqueue(leaders with { Digest = state.Digest });
                if (_own.Count > Kept) _own.Dequeue();
            }
        }

        if (leaders.Index != before)
            _logger.CheckpointOutOfPlace(leaders.Index, before);
        else if (leaders.Digest != state.Digest)
            _fence.Suspect(new(DivergenceStage.Comparing, leaders.Index, state.Digest, leaders.Digest));
    }

    /// <summary>The state is another one: what its digests were says nothing about it.</summary>
    public void Forget()
    {
        lock (_sync) _own.Clear();
    }
}
