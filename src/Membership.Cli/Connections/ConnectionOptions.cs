using System.CommandLine;
using Membership.Client;
using Membership.Cli.Running;

namespace Membership.Cli.Connections;

/// <summary>Where the replicas are, as whom to ask, and how long to try: options of every verb that asks replicas.</summary>
/// <remarks>Most can stand in the environment instead; an option wins.</remarks>
internal static class ConnectionOptions
{
    public static Option<IReadOnlyList<ReplicaEndPoint>?> EndPoints { get; } = new("--endpoints")
    {
        Description = "where replicas serve clients: host:port,host:port [env MEMBERSHIP_ENDPOINTS]",
        HelpName = "LIST",
        CustomParser = Parsing.Of<IReadOnlyList<ReplicaEndPoint>?>(ParseEndPoints, "host:port,host:port"),
    };

    public static Option<string> Cluster { get; } = new("--cluster")
    {
        Description = "the cluster's id, which signatures are made for; needed with --key [env MEMBERSHIP_CLUSTER]",
        HelpName = "ID",
    };

    public static SecretOption Token { get; } = new("--token", "a token of the registry's or the network's admins", "MEMBERSHIP_TOKEN");

    public static Option<string> Key { get; } = new("--key")
    {
        Description = "sign with the private key (PEM) in this file [env MEMBERSHIP_KEY]",
        HelpName = "FILE",
    };

    public static Option<NodeId?> Node { get; } = new("--node")
    {
        Description = "the node whose key it is [env MEMBERSHIP_NODE]",
        HelpName = "ID",
        CustomParser = Parsing.Of<NodeId?>(word => Parsing.Node(word), Parsing.NodeRange),
    };

    public static Option<TimeSpan?> Timeout { get; } = new("--timeout")
    {
        Description = "time for a request with all its attempts: 10s (default), 500ms, 1m",
        HelpName = "TIME",
        CustomParser = Parsing.Of<TimeSpan?>(word => Parsing.Duration(word), "a time such as 10s"),
    };

    public static Option<bool> Tls { get; } = new("--tls") { Description = "TLS, certificates checked against the system's authorities" };

    public static Option<string> Authority { get; } = new("--tls-authority")
    {
        Description = "TLS, certificates checked against the authority (PEM) in this file [env MEMBERSHIP_TLS_AUTHORITY]",
        HelpName = "FILE",
    };

    public static Option<bool> InsecurePlaintext { get; } = new("--insecure-plaintext")
    {
        Description = "let a token go to another machine without TLS",
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All =>
        [EndPoints, .. Token.Options, Key, Node, Cluster, Timeout, Tls, Authority, InsecurePlaintext];

    /// <summary>Reads a list; null when it is none.</summary>
    public static IReadOnlyList<ReplicaEndPoint>? ParseEndPoints(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<ReplicaEndPoint> endPoints = [.. parts.Select(part => ReplicaEndPoint.TryParse(part, out var endPoint) ? endPoint : null).OfType<ReplicaEndPoint>()];
        return endPoints.Count > 0 && endPoints.Count == parts.Length ? endPoints : null;
    }
}
