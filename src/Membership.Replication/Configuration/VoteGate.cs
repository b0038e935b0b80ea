using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Membership.Replication.Disk;

namespace Membership.Replication.Configuration;

/// <summary>
/// Keeps a replica that began with an empty folder without a vote until it is added anew. Older configurations may still name it, in the
/// log and beside a snapshot; to the package each of them would be its vote back, though it has forgotten how it voted and what it
/// acknowledged.
/// </summary>
/// <remarks>Stands between the package and <see cref="ConfigurationStorage"/>. Thread-safe.</remarks>
internal sealed class VoteGate : IClusterConfigurationStorage<EndPoint>
{
    private const int Bytes = 16;
    private readonly IClusterConfigurationStorage<EndPoint> _storage;
    private readonly string _file;
    private long _after;

    /// <param name="storage">Keeps the configurations that count.</param>
    /// <param name="file">Where it stands from when on the replica may have a vote.</param>
    /// <param name="isFounder">Whether the replica has a vote by birth.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public VoteGate(IClusterConfigurationStorage<EndPoint> storage, string file, bool isFounder)
    {
        _storage = storage;
        _file = file;
        _after = isFounder ? -1 : File.Exists(file) ? Read(file) : long.MaxValue;
    }

    /// <inheritdoc/>
    public event Func<IClusterConfiguration<EndPoint>, CancellationToken, ValueTask> ConfigurationChanged
    {
        add => _storage.ConfigurationChanged += value;
        remove => _storage.ConfigurationChanged -= value;
    }

    /// <summary>From now on configurations count that were decided after this index. On the disk when it returns.</summary>
    public void Admit(long afterIndex)
    {
        Span<byte> content = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(content, afterIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(content[8..], XxHash3.HashToUInt64(content[..8]));
        DurableFile.Replace(_file, content);
        Volatile.Write(ref _after, afterIndex);
    }

    /// <summary>Whether the configuration that was decided at this index counts for this replica.</summary>
    public bool Counts(long configurationVersion) => configurationVersion > Volatile.Read(ref _after);

    /// <inheritdoc/>
    public ValueTask<bool> SaveConfigurationAsync<TConfiguration>(TConfiguration configuration, long configurationVersion, CancellationToken token = default)
        where TConfiguration : IDataTransferObject =>
        Counts(configurationVersion) ? _storage.SaveConfigurationAsync(configuration, configurationVersion, token) : new(false);

    /// <inheritdoc/>
    public ValueTask<IClusterConfiguration<EndPoint>> LoadConfigurationAsync(CancellationToken token = default) =>
        _storage.LoadConfigurationAsync(token);

    /// <inheritdoc/>
    ValueTask<(IDataTransferObject Configuration, long Version)> IClusterConfigurationStorage.LoadConfigurationAsync(CancellationToken token) =>
        ((IClusterConfigurationStorage)_storage).LoadConfigurationAsync(token);

    /// <inheritdoc/>
    public void Dispose() => _storage.Dispose();

    private static long Read(string file)
    {
        var content = File.ReadAllBytes(file);
        return content.Length == Bytes && BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(8)) == XxHash3.HashToUInt64(content.AsSpan(0, 8))
            ? BinaryPrimitives.ReadInt64LittleEndian(content)
            : throw new InvalidDataException($"'{file}': its checksum does not match.");
    }
}
