using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Divergence;

/// <summary>
/// Stands between a state that is in doubt and everyone who would be served from it. While states are compared, entries are applied behind
/// it, for a state that turns out right has to be up to date; once the state is known to be wrong they are passed over.
/// </summary>
/// <remarks>Thread-safe. The state is changed in a turn alone, by the log or by whoever replaces it.</remarks>
internal sealed class Fence(FenceMark mark, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _sync = new();
    private volatile ReplicaDivergence? _current = mark.Read();

    /// <summary>The fence is up. Raised by whoever found the reason: it must be quick and must not throw.</summary>
    public event Action? Raised;

    /// <summary>What is wrong; null when the fence is down.</summary>
    public ReplicaDivergence? Current => _current;

    /// <summary>Whether nothing may be served, written as a snapshot or acknowledged.</summary>
    public bool IsUp => _current is not null;

    /// <summary>Whether entries are passed over, as there is no state that they could be applied to.</summary>
    public bool PassesOver => _current is { Stage: DivergenceStage.Diverged or DivergenceStage.Split };

    /// <summary>The last entry that was passed over: a new state must not be older.</summary>
    public long PassedOver { get; private set; }

    /// <summary>Keeps everyone else from changing the state until the turn is disposed.</summary>
    public async ValueTask<Turn> TakeTurnAsync(CancellationToken token)
    {
        await _turn.WaitAsync(token);
        return new(_turn);
    }

    /// <summary>In a turn: this entry was not applied.</summary>
    public void PassOver(long index) => PassedOver = index;

    /// <summary>States differ, nobody knows yet which one is right. Does nothing when more is known already.</summary>
    public void Suspect(ReplicaDivergence divergence)
    {
        lock (_sync)
        {
            if (_current is not null and not { Stage: DivergenceStage.Comparing }) return;
            _current = divergence;
        }

        Raised?.Invoke();
        logger.StateInDoubt(divergence.Message);
    }

    /// <summary>The comparison came out against this state. Durable when this returns.</summary>
    public void Close(ReplicaDivergence divergence)
    {
        lock (_sync) _current = divergence;
        Raised?.Invoke();
        logger.StateDiverged(divergence.Message);
        mark.Write(divergence);
    }

    /// <summary>Says more about what is wrong already.</summary>
    public void Explain(ReplicaDivergence divergence)
    {
        lock (_sync) _current = divergence;
        if (divergence.Evidence is not null && PassesOver) mark.Write(divergence);
    }

    /// <summary>In a turn: the state was replaced, so entries are applied again, and it is still not to be served.</summary>
    public void Rebuild(long index)
    {
        lock (_sync) _current = _current! with { Stage = DivergenceStage.Rebuilt, Obstacle = null };
        logger.StateReplaced(index);
    }

    /// <summary>The state is right: everything is served again. Does nothing when there is a newer doubt than this one.</summary>
    public void Open(ReplicaDivergence former)
    {
        if (former.Stage != DivergenceStage.Comparing) mark.Clear();
        lock (_sync)
        {
            if (_current != former) return;
            _current = null;
        }

        logger.ServesAgain();
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>The right to change the state.</summary>
    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => turn.Release();
    }
}
