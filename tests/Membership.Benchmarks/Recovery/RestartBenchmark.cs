using System.Diagnostics;
using Membership.Benchmarks.Core;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;
using Membership.Replication.Snapshots;

namespace Membership.Benchmarks.Recovery;

/// <summary>
/// How long a replica that was killed takes to serve again, from the start of its process, with a million memberships in its snapshot and
/// 100 000 mutations in the log behind it. A sole voter, so that nobody's election is in it.
/// </summary>
internal static class RestartBenchmark
{
    private const int Mutations = 100_000;
    private const long NeverBytes = 1L << 40;

    private static readonly Figure Result = new("restart_s", "s", "<=6", "<=3");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync(Options options)
    {
        var folder = options.MakeFolder();
        try
        {
            var plan = new ReplicaPlan(0, FreePorts.Take(ReplicaPlan.PortsPerReplica), Path.Combine(folder.FullName, "data"), Bootstrap: true, NeverBytes);
            await PrepareAsync(plan);
            var times = new List<double>();
            var process = await StartAsync(plan, revision: 1);
            await process.AskAsync<bool>("seed", new SeedOrder([], Mutations, 0));
            var revision = (await process.AskAsync<ReplicaReport>("status")).Revision;
            for (var round = 0; round < options.Rounds(full: 5, quick: 3); round++)
            {
                await process.KillAsync();
                await process.DisposeAsync();
                var clock = Stopwatch.StartNew();
                process = await StartAsync(plan, revision);
                times.Add(clock.Elapsed.TotalSeconds);
                Console.WriteLine($"round {round + 1}: {times[^1]:0.00} s, {process.Usage().CpuSeconds:0.00} s of CPU");
            }

            await process.DisposeAsync();
            Result.Print(new Spread(times));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A replica that was born, and then has a snapshot as if it had come from elsewhere: a million proposals would take minutes.
    private static async Task PrepareAsync(ReplicaPlan plan)
    {
        await using (await StartAsync(plan, revision: 0))
        {
        }

        // Two of them, as the log begins at the one before the newest.
        using var snapshots = new SnapshotStore(Path.Combine(plan.Folder, "snapshots"), ReplicaPlan.ClusterId);
        var memberships = Memberships.Make();
        await snapshots.WriteAsync(memberships.World.State);
        memberships.World.Register(1);
        await snapshots.WriteAsync(memberships.World.State);
    }

    private static async Task<ChildProcess> StartAsync(ReplicaPlan plan, ulong revision)
    {
        var process = ChildProcess.Start("replica", ReplicaProcess.Mode, plan);
        await process.ReadyAsync<bool>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(PollPause))
        {
            var report = await process.AskAsync<ReplicaReport>("status");
            if (report.Fault is { } fault) throw new InvalidOperationException(fault);
            if (report.IsLeader && report.Revision >= revision) return process;
        }

        throw new TimeoutException("The replica is not ready.");
    }
}
