using System.Security.Cryptography;
using Membership.Replication.Configuration;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Birth;

/// <summary>
/// Gives an empty folder its owner, and to the first replicas their votes. An empty folder never votes otherwise: what it held may have been
/// acknowledged.
/// </summary>
internal sealed class Founding(DataFolder folder, MembershipReplicaOptions options, ReplicaDirectory directory, ILogger logger)
{
    /// <summary>Draws what tells one life of a replica from the next.</summary>
    public static ulong NewIncarnation() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    /// <summary>Makes the folder ready to be opened; does nothing to one that is.</summary>
    /// <param name="incarnation">That of an empty folder.</param>
    /// <param name="isClusterAlive">Whether any peer knows of a change in the cluster.</param>
    /// <param name="token">Cancels the asking.</param>
    /// <exception cref="DataFolderException">The folder is empty, and there is nobody who could add the replica.</exception>
    public async Task CompleteAsync(ulong incarnation, Func<CancellationToken, Task<bool>> isClusterAlive, CancellationToken token)
    {
        if (folder.Meta is null) folder.Found(await DecideAsync(incarnation, isClusterAlive, token));

        // Written after the meta file and before the log: a crash in between is made good here.
        if (folder.Meta!.Founders is { } founders && !folder.HasLog)
            await ConfigurationStorage.FoundAsync(folder.ConfigurationFile, directory, founders.Select(ReplicaAddress.ParseEndPoint), token);
    }

    private async Task<FolderMeta> DecideAsync(
        ulong incarnation, Func<CancellationToken, Task<bool>> isClusterAlive, CancellationToken token)
    {
        var founds = options.Bootstrap && !await isClusterAlive(token);
        if (!founds && options.Replicas.Count == 1)
        {
            throw new DataFolderException(
                DataFolderProblem.Empty,
                folder.Path,
                $"it is empty, and there is no other replica to fetch the state from. Say {nameof(options.Bootstrap)} to make a new cluster.");
        }

        if (!founds) logger.FolderEmpty();
        var founders = founds ? options.Replicas.Select(replica => ReplicaAddress.ToText(replica.RaftEndPoint)).ToArray() : null;
        return new(FolderMeta.Newest, options.ClusterId, options.ReplicaId, incarnation, options.SecretId, founders);
    }
}
