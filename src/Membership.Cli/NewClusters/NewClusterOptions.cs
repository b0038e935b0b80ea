using System.CommandLine;
using System.Net;
using Membership.Cli.Running;
using Membership.Replication;

namespace Membership.Cli.NewClusters;

/// <summary>Options by which a folder is founded for a new cluster.</summary>
internal static class NewClusterOptions
{
    private const string ListForm = "a list such as a=10.0.0.1:4711/10.0.0.1:4712,b=…, with the Raft and the peer address of each";

    public static Option<string> Data() => new("--data") { Description = "the data folder", HelpName = "FOLDER", Required = true };

    public static Option<string> ClusterId() => new("--cluster-id")
    {
        Description = "the id of the new cluster, 1 to 64 of a-z 0-9 -, which no cluster had before",
        HelpName = "ID",
        Required = true,
    };

    public static Option<IReadOnlyList<ReplicaAddress>?> Replicas(string description, bool required) => new("--replicas")
    {
        Description = description,
        HelpName = "ID=RAFT/PEER,…",
        Required = required,
        CustomParser = Parsing.Of(ParseList, ListForm),
    };

    /// <summary>The list as it was given.</summary>
    public static string ToText(IEnumerable<ReplicaAddress> replicas) =>
        string.Join(',', replicas.Select(replica => $"{replica.Id}={replica.RaftAddress}/{replica.PeerAddress}"));

    /// <summary>Turns what the library says of an argument into the end of the run.</summary>
    public static ToolException Wrong(ArgumentException e)
    {
        var parameter = e.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return ToolException.WrongArgument($"{(parameter < 0 ? e.Message : e.Message[..parameter]).TrimEnd('.')}, see --help");
    }

    private static IReadOnlyList<ReplicaAddress>? ParseList(string word)
    {
        var items = word.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        ReplicaAddress[] replicas = [.. items.Select(Parse).OfType<ReplicaAddress>()];
        return replicas.Length > 0 && replicas.Length == items.Length ? replicas : null;
    }

    private static ReplicaAddress? Parse(string item)
    {
        if (item.Split('=') is not [var id, var addresses] || addresses.Split('/') is not [var raft, var peer]) return null;
        return ReplicaAddress.TryParseEndPoint(raft) is EndPoint raftEndPoint && ReplicaAddress.TryParseEndPoint(peer) is EndPoint peerEndPoint
            ? new(id, raftEndPoint, peerEndPoint)
            : null;
    }
}
