using System.Diagnostics;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Machine;

/// <summary>Three processes of the bare package.</summary>
internal sealed class BareRaftGroup : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder;
    private readonly List<ChildProcess> _processes = [];

    private BareRaftGroup(DirectoryInfo folder) => _folder = folder;

    public static async Task<BareRaftGroup> StartAsync(Options options)
    {
        var group = new BareRaftGroup(options.MakeFolder());
        var ports = FreePorts.Take(ReplicaGroup.Count * ReplicaPlan.PortsPerReplica);
        for (var i = 0; i < ReplicaGroup.Count; i++)
        {
            var plan = new ReplicaPlan(i, ports, Path.Combine(group._folder.FullName, ReplicaPlan.IdOf(i)), Bootstrap: true, SnapshotBytes: 64 << 20);
            group._processes.Add(ChildProcess.Start($"bare {i}", BareRaftProcess.Mode, plan));
        }

        foreach (var process in group._processes) await process.ReadyAsync<bool>();
        await group.LeaderAsync();
        return group;
    }

    /// <summary>Commands from so many callers in the leader's process.</summary>
    public async Task<LoadResult> RunAsync(int callers, TimeSpan length) =>
        await (await LeaderAsync()).AskAsync<LoadResult>("load", new LoadOrder(Operation.Mutations, callers, length.TotalSeconds, 0, 0));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<ChildProcess> LeaderAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(PollPause))
        {
            foreach (var process in _processes)
            {
                if (await process.AskAsync<bool>("leads")) return process;
            }
        }

        throw new TimeoutException("No process of the bare package leads.");
    }
}
