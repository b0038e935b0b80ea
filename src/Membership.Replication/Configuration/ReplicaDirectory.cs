using System.Collections.Immutable;
using System.Net;
using System.Text;
using Membership.Replication.Disk;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Configuration;

/// <summary>
/// Who listens where: the replicas of the options, those of every configuration that was seen, and those that peers told of. Each voter's
/// addresses travel with the configuration; the rest is kept so that one that was removed can be told so.
/// </summary>
/// <remarks>Thread-safe. What is newer replaces what is older.</remarks>
internal sealed class ReplicaDirectory
{
    private readonly Lock _writing = new();
    private readonly string _file;
    private volatile ImmutableDictionary<string, KnownReplica> _known;

    /// <param name="options">The replicas to begin with.</param>
    /// <param name="file">Where what was learned is kept.</param>
    /// <param name="logger">For lines of the file that cannot be read.</param>
    public ReplicaDirectory(MembershipReplicaOptions options, string file, ILogger logger)
    {
        _file = file;
        _known = options.Replicas.ToImmutableDictionary(replica => replica.Id, replica => new KnownReplica(replica, 0));
        Self = options.Self;
        foreach (var replica in Read(file, logger)) Learn(replica);
    }

    /// <summary>This replica's own address: what its options say, whatever others believe.</summary>
    public ReplicaAddress Self { get; }

    /// <summary>Everyone, this replica included.</summary>
    public IEnumerable<KnownReplica> All => _known.Values;

    /// <summary>A replica by its id; null for one that nobody has told of.</summary>
    public ReplicaAddress? Find(string? replicaId) => replicaId is null ? null : _known.GetValueOrDefault(replicaId)?.Address;

    /// <summary>Who listens for Raft at an address; null for nobody known. Of several that did, the last.</summary>
    public KnownReplica? At(EndPoint raftEndPoint) =>
        _known.Values.Where(known => known.Address.RaftEndPoint.Equals(raftEndPoint)).MaxBy(known => known.Since);

    /// <inheritdoc cref="At"/>
    public string? ReplicaAt(EndPoint raftEndPoint) => At(raftEndPoint)?.Address.Id;

    /// <summary>
    /// Takes in a voter of a configuration, or one that is about to be. On the disk when it returns. Options may move the peer port of a first
    /// member; where it listens for Raft is the configuration's to say, as that is its identity.
    /// </summary>
    public void Learn(KnownReplica voter) => Merge(
        [voter],
        (present, told) => present.Since < told.Since || (present.Since == told.Since && !present.Address.RaftEndPoint.Equals(told.Address.RaftEndPoint)));

    /// <summary>Takes in what a peer knows. On the disk when it returns.</summary>
    public void Hear(IEnumerable<KnownReplica> replicas) => Merge(replicas, (present, told) => present.Since < told.Since);

    private void Merge(IEnumerable<KnownReplica> replicas, Func<KnownReplica, KnownReplica, bool> isBetter)
    {
        lock (_writing)
        {
            var known = _known.SetItems(replicas.Where(IsNews).Select(told => KeyValuePair.Create(told.Address.Id, told)));
            if (ReferenceEquals(known, _known)) return;
            DurableFile.Replace(_file, Encoding.UTF8.GetBytes(string.Join('\n', known.Values.Select(replica => replica.ToText()))));
            _known = known;
        }

        bool IsNews(KnownReplica told) =>
            (told.Address.Id != Self.Id || told.Address == Self) && (!_known.TryGetValue(told.Address.Id, out var present) || isBetter(present, told));
    }

    // Hints alone: voters stand in the configuration, and the others are told of by peers.
    private static IEnumerable<KnownReplica> Read(string file, ILogger logger)
    {
        if (!File.Exists(file)) return [];
        try
        {
            return [.. File.ReadAllText(file).Split('\n').Select(KnownReplica.Parse)];
        }
        catch (FormatException e)
        {
            logger.DirectoryUnreadable(file, e.Message);
            return [];
        }
    }
}
