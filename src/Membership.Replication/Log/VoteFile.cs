using System.Buffers.Binary;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using PackageEntry = DotNext.Net.Cluster.Consensus.Raft.StateMachine.LogEntry;

namespace Membership.Replication.Log;

/// <summary>The package's file of term and vote, in a folder of its own, where the package's log without an entry keeps it.</summary>
internal static class VoteFile
{
    // Whether there is a vote, for whom, and the term.
    private static readonly int TermOffset = 1 + ClusterMemberId.Size;
    private static readonly int VoteBytes = TermOffset + sizeof(long);

    /// <summary>What the package's log has instead of a state machine: it has no entry.</summary>
    public static IStateMachine NoEntries { get; } = new Nothing();

    /// <summary>The options of the package's log.</summary>
    /// <param name="folder">The log's folder.</param>
    public static WriteAheadLog.Options Options(string folder) => new()
    {
        Location = FolderIn(folder),
        MemoryManagement = WriteAheadLog.MemoryManagementStrategy.PrivateMemory,
    };

    /// <summary>Removes what the package's log keeps beside it: with no entry it says nothing, and damaged it would be in the way.</summary>
    public static void Prepare(string folder) => File.Delete(Path.Combine(FolderIn(folder), "checkpoint"));

    /// <summary>The path of the file.</summary>
    public static string PathIn(string folder) => Path.Combine(FolderIn(folder), "state");

    /// <summary>Writes the file, without a vote, on the disk when this returns.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <param name="term">A term below which nothing may be decided.</param>
    public static void Create(string folder, long term)
    {
        Directory.CreateDirectory(FolderIn(folder));
        var vote = new byte[VoteBytes];
        BinaryPrimitives.WriteInt64LittleEndian(vote.AsSpan(TermOffset), term);
        Disk.DurableFile.Replace(PathIn(folder), vote);
    }

    /// <summary>The term in the file.</summary>
    /// <exception cref="LogOpenException">It is missing or short.</exception>
    public static long ReadTerm(string folder)
    {
        var file = PathIn(folder);
        var vote = File.Exists(file) ? File.ReadAllBytes(file) : [];
        return vote.Length >= VoteBytes
            ? BinaryPrimitives.ReadInt64LittleEndian(vote.AsSpan(TermOffset))
            : throw new LogOpenException(file, "it is missing or shorter than a term and a vote");
    }

    /// <summary>Whether there is a file that says anything.</summary>
    public static bool IsBegun(string folder) => File.Exists(PathIn(folder)) && File.ReadAllBytes(PathIn(folder)).AsSpan().ContainsAnyExcept((byte)0);

    private static string FolderIn(string folder) => Path.Combine(folder, "vote");

    private sealed class Nothing : IStateMachine
    {
        public ISnapshot? Snapshot => null;

        public ValueTask<long> ApplyAsync(PackageEntry entry, CancellationToken token) => new(entry.Index);

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => default;
    }
}
