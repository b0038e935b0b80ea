using Microsoft.Extensions.Hosting;

namespace Membership.Replication.Hosting;

/// <summary>
/// Starts the replica with the host, and ends the host with exit code 75 when the replica stops for good. When the host stops, leadership goes to
/// another replica first, while clients are still served here: what they ask meanwhile goes to the next leader.
/// </summary>
internal sealed class MembershipReplicaService(MembershipReplica replica, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    // EX_TEMPFAIL of sysexits.h: whoever supervises the process may start it again.
    private const int FaultExitCode = 75;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await replica.StartAsync(cancellationToken);
        _ = EndHostAtFaultAsync();
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => replica.GiveLeadershipAwayAsync(cancellationToken);

    // What takes longer than the host allows goes on until the process ends; the data folder is safe either way.
    public Task StopAsync(CancellationToken cancellationToken) => replica.StopAsync().AsTask().WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EndHostAtFaultAsync()
    {
        await replica.Fault;
        Environment.ExitCode = FaultExitCode;
        lifetime.StopApplication();
    }
}
