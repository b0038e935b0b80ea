using Microsoft.Extensions.Hosting;

namespace Membership.Replication;

/// <summary>Starts the replica with the host, and ends the host with exit code 75 when the replica stops for good.</summary>
internal sealed class MembershipReplicaService(MembershipReplica replica, IHostApplicationLifetime lifetime) : IHostedService
{
    // EX_TEMPFAIL of sysexits.h: whoever supervises the process may start it again.
    private const int FaultExitCode = 75;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await replica.StartAsync(cancellationToken);
        _ = EndHostAtFaultAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => replica.StopAsync().AsTask();

    private async Task EndHostAtFaultAsync()
    {
        await replica.Fault;
        Environment.ExitCode = FaultExitCode;
        lifetime.StopApplication();
    }
}
