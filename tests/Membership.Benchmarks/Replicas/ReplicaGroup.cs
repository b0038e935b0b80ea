using System.Diagnostics;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Replicas;

/// <summary>Three replicas as processes on loopback, each with a folder of its own.</summary>
internal sealed class ReplicaGroup : IAsyncDisposable
{
    public const int Count = 3;

    // As MembershipReplicaOptions has it.
    private const long SnapshotBytes = 64L << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder;
    private readonly int[] _ports = FreePorts.Take(Count * ReplicaPlan.PortsPerReplica);
    private readonly ChildProcess[] _processes = new ChildProcess[Count];
    private readonly bool _canBeCut;

    private ReplicaGroup(DirectoryInfo folder, bool canBeCut)
    {
        _folder = folder;
        _canBeCut = canBeCut;
    }

    public IReadOnlyList<ChildProcess> Processes => _processes;

    /// <summary>Starts three fresh replicas; returns when one leads.</summary>
    public static async Task<ReplicaGroup> StartAsync(Options options, bool canBeCut = false)
    {
        var group = new ReplicaGroup(options.MakeFolder(), canBeCut);
        for (var i = 0; i < Count; i++) group.Start(i, bootstrap: true);
        await Task.WhenAll(group._processes.Select(process => process.ReadyAsync<bool>()));
        await group.LeaderAsync();
        return group;
    }

    /// <summary>Where a replica serves clients.</summary>
    public int WirePortOf(int index) => PlanOf(index, bootstrap: false).WirePort;

    /// <summary>The place of the replica that leads, once all know of one.</summary>
    public async Task<int> LeaderAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(PollPause))
        {
            var reports = await Task.WhenAll(_processes.Select(process => process.AskAsync<ReplicaReport>("status")));
            if (reports.FirstOrDefault(report => report.Fault is not null) is { } failed) throw new InvalidOperationException(failed.Fault);
            if (reports.All(report => report.HasLeader) && reports.Count(report => report.IsLeader) == 1)
                return Array.FindIndex(reports, report => report.IsLeader);
        }

        throw new TimeoutException("No replica leads.");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(int index)
    {
        await _processes[index].KillAsync();
        await _processes[index].DisposeAsync();
    }

    /// <summary>Starts a replica that was killed; returns when it takes part.</summary>
    public async Task RestartAsync(int index)
    {
        Start(index, bootstrap: false);
        await _processes[index].ReadyAsync<bool>();
    }

    /// <summary>Cuts the Raft links between one replica and the others, both ways.</summary>
    public Task IsolateAsync(int index) => Task.WhenAll(_processes.Select((process, i) => process.AskAsync<bool>(
        "cut", i == index ? Enumerable.Range(0, Count).Where(other => other != index).Select(ReplicaPlan.IdOf) : [ReplicaPlan.IdOf(index)])));

    /// <summary>Mends all links.</summary>
    public Task MendAsync() => Task.WhenAll(_processes.Select(process => process.AskAsync<bool>("mend")));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Start(int index, bool bootstrap) =>
        _processes[index] = ChildProcess.Start(ReplicaPlan.IdOf(index), ReplicaProcess.Mode, PlanOf(index, bootstrap));

    private ReplicaPlan PlanOf(int index, bool bootstrap) =>
        new(index, _ports, Path.Combine(_folder.FullName, ReplicaPlan.IdOf(index)), bootstrap, SnapshotBytes, _canBeCut);
}
