using System.Diagnostics;
using System.Security.Cryptography;
using ThreeNodeCluster;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Kills;

/// <summary>
/// A mutation is acknowledged when it is on the disks of a majority, and not before: real processes, real sockets, the real disk, and
/// system calls that are held on their way to it.
/// </summary>
/// <remarks>Lower bounds of time alone: a busy machine is late, and never early.</remarks>
public sealed class DurableAnswerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(700);

    // An entry is on the disk after two calls, one behind the other: write and flush.
    private static readonly TimeSpan OnTheDisk = 2 * Hold;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // A held append must not outlast a Raft request, which takes the shortest election timeout at most, nor a held flush the watch over
    // the disk, which gives it two of the longest.
    private static readonly string[] PatientElections = ["--election-ms", "4000-6000"];

    [StraceFact]
    public async Task An_acknowledgement_waits_for_the_disks_of_a_majority_and_for_no_more()
    {
        await using var cluster = await ProcessCluster.StartAsync("held-writes", PatientElections);
        var key = await RotatedKey.RegisterAsync(cluster.Client);
        foreach (var free in cluster.Ids.ToList())
        {
            await cluster.WaitForEqualDigestsAsync(Limit);
            await using var held = await HeldDisks.BeginAsync(cluster, cluster.Ids.Where(id => id != free), Hold);
            var took = await key.RotateAsync();
            output.WriteLine($"only the disk of {free} answers: acknowledged after {took.TotalMilliseconds:F0} ms");
            Assert.InRange(took, OnTheDisk, TimeSpan.MaxValue);
        }

        // Held for longer than anyone waits: an acknowledgement that needed this disk would not come.
        var leader = await cluster.Client.FindLeaderAsync();
        var follower = cluster.Ids.First(id => id != leader);
        await cluster.WaitForEqualDigestsAsync(Limit);
        await using var one = await HeldDisks.BeginAsync(cluster, [follower], 4 * Limit);
        output.WriteLine($"all but the disk of {follower} answer: acknowledged after {(await key.RotateAsync()).TotalMilliseconds:F0} ms");
    }

    [StraceFact]
    public async Task What_is_acknowledged_while_both_followers_disks_are_slow_is_there_after_a_kill_of_all()
    {
        await using var cluster = await ProcessCluster.StartAsync("held-kill", PatientElections);
        var key = await RotatedKey.RegisterAsync(cluster.Client);
        await cluster.WaitForEqualDigestsAsync(Limit);
        var leader = await cluster.Client.FindLeaderAsync();
        var followers = cluster.Ids.Where(id => id != leader).ToList();
        await using (await HeldDisks.BeginAsync(cluster, followers, Hold))
        {
            var took = await key.RotateAsync();
            await Task.WhenAll(cluster.Ids.Select(cluster.KillAsync));
            output.WriteLine($"{leader} led, acknowledged after {took.TotalMilliseconds:F0} ms");
        }

        // The leader stays away with its disk: what it alone had is lost.
        followers.ForEach(cluster.Restart);
        await key.RotateAsync();
    }

    /// <summary>A node whose key is rotated: each answer counts the rotations before it, and so tells whether one was lost.</summary>
    private sealed class RotatedKey(ClusterClient client, NodeId node)
    {
        private uint _version = 1;

        public static async Task<RotatedKey> RegisterAsync(ClusterClient client) =>
            new(client, (await client.SendAsync(client.Make(Actor.Admin(), new RegisterNode(FreshKey())))).Results.Node);

        /// <summary>Rotates it once more, and answers how long the acknowledgement took.</summary>
        public async Task<TimeSpan> RotateAsync()
        {
            var proposal = client.Make(Actor.Admin(), new RotateNodeKey(node, FreshKey()));
            var clock = Stopwatch.StartNew();
            var outcome = await client.SendAsync(proposal);
            Assert.Equal(Code.Ok, outcome.Code);
            Assert.Equal(++_version, outcome.Results.Number);
            return clock.Elapsed;
        }

        private static PublicKey FreshKey() => new(RandomNumberGenerator.GetBytes(PublicKey.Length));
    }

    private sealed class HeldDisks : IAsyncDisposable
    {
        private readonly List<HeldWrites> _all = [];

        public static async Task<HeldDisks> BeginAsync(ProcessCluster cluster, IEnumerable<string> ids, TimeSpan delay)
        {
            var held = new HeldDisks();
            foreach (var id in ids) held._all.Add(await HeldWrites.BeginAsync(cluster.ProcessIdOf(id), delay));
            return held;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var writes in _all) await writes.DisposeAsync();
        }
    }
}
