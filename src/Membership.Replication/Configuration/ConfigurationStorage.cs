using System.Net;
using System.Text;
using DotNext.Buffers;
using DotNext.Buffers.Binary;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Membership.Replication.Disk;

namespace Membership.Replication.Configuration;

/// <summary>
/// The voters, kept across restarts: the package's in-memory storage forgets every change of the cluster. The package knows a voter by its
/// Raft endpoint alone; what stands on the disk and in the log says who that is and where its peer port is, so that whoever reads a
/// configuration can reach everyone in it.
/// </summary>
/// <param name="file">Where the present configuration stands.</param>
/// <param name="directory">Knows the voters' addresses, and learns those that are read.</param>
internal sealed class ConfigurationStorage(string file, ReplicaDirectory directory) : PersistentClusterConfigurationStorage<EndPoint>(file)
{
    /// <summary>Writes the first configuration of a cluster. It is whole or not there, whenever the machine stops.</summary>
    public static async Task FoundAsync(string file, ReplicaDirectory directory, IEnumerable<EndPoint> voters, CancellationToken token)
    {
        var temporary = file + ".tmp";
        File.Delete(temporary);
        using (var storage = new ConfigurationStorage(temporary, directory))
        {
            var configuration = await ((IClusterConfigurationStorage<EndPoint>)storage).LoadConfigurationAsync(token);
            foreach (var voter in voters) configuration = configuration.Add(voter);
            await ((IClusterConfigurationStorage)storage).SaveConfigurationAsync(configuration, 0, token);
        }

        DurableFile.Rename(temporary, file);
    }

    /// <summary>The voters now.</summary>
    public async Task<IReadOnlySet<EndPoint>> ReadVotersAsync(CancellationToken token)
    {
        var configuration = await ((IClusterConfigurationStorage<EndPoint>)this).LoadConfigurationAsync(token);
        return configuration.Members;
    }

    /// <summary>The log index at which the present configuration was decided; 0 for the first.</summary>
    public async Task<long> ReadVersionAsync(CancellationToken token) =>
        (await ((IClusterConfigurationStorage)this).LoadConfigurationAsync(token)).Version;

    /// <inheritdoc/>
    protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> writer)
    {
        // Every change goes through the directory before it is proposed, and so does whatever was read.
        var known = directory.At(address) ?? throw new InvalidOperationException($"Nobody knows who is at {address}.");
        var text = Encoding.UTF8.GetBytes(known.ToText());
        writer.WriteLittleEndian(text.Length);
        writer.Write(text);
    }

    /// <inheritdoc/>
    protected override EndPoint Decode(ref SequenceReader reader)
    {
        var known = ReadVoter(ref reader);
        directory.Learn(known);
        return known.Address.RaftEndPoint;
    }

    /// <summary>Reads a voter with its addresses, as it stands in a configuration.</summary>
    /// <exception cref="InvalidDataException">It is longer than any.</exception>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static KnownReplica ReadVoter(ref SequenceReader reader)
    {
        // Checked before anything is allocated for it.
        var length = reader.ReadLittleEndian<int>();
        if (length is <= 0 or > KnownReplica.TextBytesMax) throw new InvalidDataException($"A voter of {length} bytes in the cluster's configuration.");
        Span<byte> text = stackalloc byte[length];
        reader.Read(text);
        return KnownReplica.Parse(Encoding.UTF8.GetString(text));
    }
}
