using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Membership.Replication.Hosting;

/// <summary>
/// Starts the replica with the host, and ends the host with exit code 75 when the replica stops for good. When the host stops, leadership goes to
/// another replica first, while clients are still served here: what they ask meanwhile goes to the next leader.
/// </summary>
/// <param name="services">
/// Hold the replica. It is asked for at the start and not before: a host makes its services first and checks options then, and all that is wrong
/// with them is to be told together.
/// </param>
/// <param name="lifetime">The host's.</param>
internal sealed class MembershipReplicaService(IServiceProvider services, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    // EX_TEMPFAIL of sysexits.h: whoever supervises the process may start it again.
    private const int FaultExitCode = 75;

    private MembershipReplica? _replica;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _replica = services.GetRequiredService<MembershipReplica>();
        await _replica.StartAsync(cancellationToken);
        _ = EndHostAtFaultAsync(_replica);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => _replica?.GiveLeadershipAwayAsync(cancellationToken) ?? Task.CompletedTask;

    // What takes longer than the host allows goes on until the process ends; the data folder is safe either way.
    public Task StopAsync(CancellationToken cancellationToken) => _replica?.StopAsync().AsTask().WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EndHostAtFaultAsync(MembershipReplica replica)
    {
        await replica.Fault;
        Environment.ExitCode = FaultExitCode;
        lifetime.StopApplication();
    }
}
