using Membership.Replication.Hosting;

namespace Membership.Replication.Leadership;

/// <summary>Why a replica must not lead.</summary>
[Flags]
internal enum CandidacyBar
{
    /// <summary>It may.</summary>
    None = 0,

    /// <summary>Its clock is wrong.</summary>
    Clock = 1,

    /// <summary>Its state is wrong.</summary>
    Divergence = 2,
}

/// <summary>
/// Keeps a replica out of the elections while anything stands against it: it votes and does not stand. One that won each election and gave
/// up each time would leave the cluster without a leader. Nothing else touches the package's standby mode.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Candidacy(ReplicaCluster cluster) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private CandidacyBar _bars;

    /// <summary>Gives up leadership and stands no more.</summary>
    public async Task RefuseAsync(CandidacyBar bar, CancellationToken token)
    {
        await _changing.WaitAsync(token);
        try
        {
            _bars |= bar;
            await cluster.StepDownAsync(token);
            await cluster.EnableStandbyModeAsync(token);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stands again, unless something else is against it.</summary>
    public async Task AllowAsync(CandidacyBar bar, CancellationToken token)
    {
        await _changing.WaitAsync(token);
        try
        {
            _bars &= ~bar;
            if (_bars == CandidacyBar.None && cluster is { Standby: true, IsVoter: true }) await cluster.RevertToNormalModeAsync(token);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Begins to wait for a leader anew, for as long as its timeout is at this moment, and then stands for election.</summary>
    /// <returns>False when something is against it, or it leads.</returns>
    public async Task<bool> StandAsync(CancellationToken token)
    {
        await _changing.WaitAsync(token);
        try
        {
            return _bars == CandidacyBar.None && await cluster.EnableStandbyModeAsync(token) && await cluster.RevertToNormalModeAsync(token);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changing.Dispose();
}
