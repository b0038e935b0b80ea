using System.Net;
using System.Text;
using DotNext.Buffers;
using DotNext.Buffers.Binary;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Membership.Replication.Disk;

namespace Membership.Replication.Configuration;

/// <summary>The voters, kept across restarts: the package's in-memory storage forgets every change of the cluster.</summary>
internal sealed class ConfigurationStorage(string file) : PersistentClusterConfigurationStorage<EndPoint>(file)
{
    // A name is 255 bytes at most in DNS; the length is checked before anything is allocated for it.
    private const int TextBytesMax = 300;

    /// <summary>Writes the first configuration of a cluster. It is whole or not there, whenever the machine stops.</summary>
    public static async Task FoundAsync(string file, IEnumerable<EndPoint> voters, CancellationToken token)
    {
        var temporary = file + ".tmp";
        File.Delete(temporary);
        using (var storage = new ConfigurationStorage(temporary))
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
        var text = Encoding.UTF8.GetBytes(ReplicaAddress.ToText(address));
        writer.WriteLittleEndian(text.Length);
        writer.Write(text);
    }

    /// <inheritdoc/>
    protected override EndPoint Decode(ref SequenceReader reader)
    {
        var length = reader.ReadLittleEndian<int>();
        if (length is <= 0 or > TextBytesMax) throw new InvalidDataException($"An address of {length} bytes in the cluster's configuration.");
        Span<byte> text = stackalloc byte[length];
        reader.Read(text);
        return ReplicaAddress.ParseEndPoint(Encoding.UTF8.GetString(text));
    }
}
