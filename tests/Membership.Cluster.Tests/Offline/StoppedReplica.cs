using System.Security.Cryptography;
using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Replicas;
using Membership.State;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Offline;

/// <summary>The data folder of a replica that has stopped, and what its state was on the way.</summary>
internal sealed class StoppedReplica : IDisposable
{
    private const int Single = 40;

    private readonly TestFolder _folder = new();

    private StoppedReplica()
    {
    }

    public string Folder => _folder["data"];

    /// <summary>The revisions at which the replica's state was looked at, with its digest there.</summary>
    public SortedDictionary<ulong, StateDigest> Seen { get; } = [];

    /// <summary>The state at the end.</summary>
    public MembershipState Last { get; private set; } = null!;

    /// <summary>The last entry of the log.</summary>
    public long LastIndex { get; private set; }

    /// <summary>Changes of one mutation an entry, many at once, and one an entry again; every mutation registers a node.</summary>
    /// <param name="output">For the log.</param>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="snapshots">How many times so many, a snapshot after each; 0 for once and none.</param>
    public static async Task<StoppedReplica> MakeAsync(ITestOutputHelper output, int atOnce, int snapshots = 0)
    {
        var stopped = new StoppedReplica();
        await using var group = new ReplicaGroup(output, 1)
        {
            Configure = options => (options.SnapshotBytes, options.CheckpointEntries) = (snapshots > 0 ? 64 << 10 : 64 << 20, 16),
        };
        var replica = await group.StartAsync("r1");
        await group.LeaderAsync();
        await SingleAsync();
        for (var i = 0; i < Math.Max(1, snapshots); i++)
        {
            var before = replica.Status.SnapshotIndex;
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(replica.RegisterAsync)));
            if (snapshots > 0) await Wait.UntilAsync(() => replica.Status.SnapshotIndex > before, "a snapshot");
        }

        await SingleAsync();
        stopped.Last = replica.State;
        stopped.LastIndex = replica.Status.LastIndex;
        await group.StopAsync("r1");
        Directory.Move(group.FolderOf("r1"), stopped.Folder);
        return stopped;

        async Task SingleAsync()
        {
            for (var i = 0; i < Single; i++)
            {
                await replica.RegisterAsync();
                stopped.Seen[replica.State.Revision] = replica.State.Digest;
            }
        }
    }

    /// <summary>A copy of the folder.</summary>
    public string Copy() => _folder.Image(Folder);

    /// <summary>Every file and folder below a folder with what is in it.</summary>
    public static IReadOnlyDictionary<string, string> ContentOf(string folder) => Directory
        .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), path => Directory.Exists(path) ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));

    public void Dispose() => _folder.Dispose();
}
