using System.Collections.Immutable;
using System.Net;
using DotNext.Buffers;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Membership.Replication.Birth;
using Membership.Replication.Configuration;

namespace Membership.Replication.Offline;

/// <summary>Reads the voters out of a configuration file that nobody has open.</summary>
internal sealed class KnownVoters : PersistentClusterConfigurationStorage<EndPoint>
{
    private readonly List<ReplicaAddress> _voters = [];

    private KnownVoters(string copy)
        : base(copy)
    {
    }

    /// <summary>The voters by id; none where there is no configuration yet.</summary>
    /// <exception cref="OfflineException">The file is damaged.</exception>
    public static ImmutableArray<ReplicaAddress> Read(DataFolderLayout folder)
    {
        if (!File.Exists(folder.ConfigurationFile)) return [];

        // The package opens the file for writing.
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.Copy(folder.ConfigurationFile, copy);
            using var storage = new KnownVoters(copy);
            _ = ((IClusterConfigurationStorage<EndPoint>)storage).LoadConfigurationAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return [.. storage._voters.OrderBy(voter => voter.Id, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException or OverflowException)
        {
            throw new OfflineException(OfflineProblem.FolderDamaged, $"'{folder.ConfigurationFile}' cannot be read: {e.Message}", e);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <inheritdoc/>
    protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> writer) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override EndPoint Decode(ref SequenceReader reader)
    {
        var known = ConfigurationStorage.ReadVoter(ref reader);
        _voters.Add(known.Address);
        return known.Address.RaftEndPoint;
    }
}
