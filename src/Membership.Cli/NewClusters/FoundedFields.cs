using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Replication.Offline;

namespace Membership.Cli.NewClusters;

/// <summary>Folders that were founded, as results.</summary>
internal static class FoundedFields
{
    public static Fields Of(FoundedFolder founded) => new Fields
    {
        { "folder", founded.Folder },
        { "replica", founded.Cluster.ReplicaId },
        { "replicas", NewClusterOptions.ToText(founded.Cluster.Replicas) },
        { "secret", founded.Cluster.SecretId },
        { "snapshot", founded.Snapshot },
        { "aside", founded.Aside },
    }.With(StateFields.Of(founded.State)).With(StateFields.CountsOf(founded.State));
}
