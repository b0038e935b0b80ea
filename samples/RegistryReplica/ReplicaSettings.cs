using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Membership.Protocol.Tokens;
using Membership.Replication;
using Membership.Replication.Peers;
using Microsoft.Extensions.Configuration;

namespace RegistryReplica;

/// <summary>
/// What the command line, the environment (<c>MEMBERSHIP_…</c>) and a JSON file (<c>--config FILE</c>) say, the first of them that has a
/// setting winning.
/// </summary>
internal static partial class ReplicaSettings
{
    public const string Usage = """
        usage: RegistryReplica --id ID --cluster ID --replicas LIST --data DIR [options]
               RegistryReplica make-certificates DIR ID [ID …]

          --id ID                  this replica, 1 to 64 of a-z 0-9 -
          --cluster ID             the cluster, 1 to 64 of a-z 0-9 -
          --replicas LIST          ID=RAFT/PEER,… with host:port for each, this replica among them
          --data DIR               the data folder
          --bootstrap              found the cluster; given once, to all first replicas
          --listen HOST:PORT       where to listen for Raft, when not at this replica's address in the list
          --listen-peers HOST:PORT the same for the peer channel
          --listen-wire HOST:PORT  where to listen for clients; without it the replica serves none
          --wire-tls-certificate FILE, --wire-tls-key FILE
                                   serve clients over TLS 1.3 with this certificate (PEM)
          --insecure-plaintext     take credentials without TLS from beyond this machine, too
          --registration WHO       admin (default), or proof: whoever proves its key
          --directory WHO          members (default) or open: who sees a network that is not open
          --compat pilot           serve stock clients of the Pilot Protocol
          --secret-file FILE       the cluster's secret, 32 bytes, outside the data folder; clients need it
          --admin-tokens-file FILE admin tokens, one a line
          --snapshot-bytes N       take a snapshot after so many bytes of log (default 67108864)
          --tls-certificate FILE   this replica's certificate (PEM), with --tls-key and --tls-authority
          --tls-key FILE           its private key (PEM)
          --tls-authority FILE     the authority that replicas' certificates are of (PEM)
          --election-ms MIN-MAX    election timeout (default 300-600)
          --metrics HOST:PORT      serve /metrics for Prometheus, /health/live and /health/ready there; loopback alone
          --page PORT              serve a read-only page for operators on 127.0.0.1:PORT; it shows all that an admin may see
          --page-demands-token     let nobody see it who does not give an admin token, as the password that the browser asks for
          --otlp URL               send metrics, traces and logs to this collector, by OTLP over HTTP (most often port 4318)
          --config FILE            more settings, as JSON with these names

        Every setting can also stand in the environment, as MEMBERSHIP_ID, MEMBERSHIP_SECRET_FILE and so on.

        make-certificates makes a development authority and a certificate for each replica in DIR.
        """;

    private static readonly string[] Flags = ["--bootstrap", "--insecure-plaintext", "--page-demands-token"];

    private static readonly HashSet<string> Names = [.. NameInUsage().Matches(Usage).Select(match => match.Groups[1].Value)];

    /// <summary>Collects the settings.</summary>
    /// <exception cref="FormatException">
    /// An argument or a name in the file is no setting: what protects the replica must not be lost to a slip of the pen. The environment may
    /// hold names of others, such as the command line's.
    /// </exception>
    public static IConfiguration Collect(string[] args)
    {
        var commandLine = new ConfigurationBuilder().AddInMemoryCollection(ReadArguments(args)).Build();
        var settings = new ConfigurationBuilder();
        if (commandLine["config"] is { } file) settings.AddConfiguration(ReadFile(file));
        settings.AddInMemoryCollection(FromEnvironment());
        settings.AddConfiguration(commandLine);
        return settings.Build();
    }

    /// <summary>Sets the options of a replica as the settings say.</summary>
    /// <exception cref="FormatException">Says which setting is wrong.</exception>
    /// <exception cref="IOException">A file of secrets or certificates cannot be read.</exception>
    /// <param name="settings">The settings.</param>
    /// <param name="secret">The cluster's secret; null for none.</param>
    /// <param name="options">What is set.</param>
    public static void Apply(IConfiguration settings, ClusterSecret? secret, MembershipReplicaOptions options)
    {
        options.ReplicaId = Require(settings, "id");
        options.ClusterId = Require(settings, "cluster");
        options.DataFolder = Require(settings, "data");
        options.Bootstrap = IsOn(settings, "bootstrap");
        options.SecretId = secret?.Id;
        options.Tls = ReadTls(settings);
        foreach (var replica in ParseReplicas(Require(settings, "replicas"))) options.Replicas.Add(replica);
        if (settings["listen"] is { } listen) options.RaftListenEndPoint = ParseListen("listen", listen);
        if (settings["listen-peers"] is { } listenPeers) options.PeerListenEndPoint = ParseListen("listen-peers", listenPeers);
        if (settings["snapshot-bytes"] is { } bytes) options.SnapshotBytes = ParseNumber("snapshot-bytes", bytes);
        if (settings["election-ms"] is { } election) SetElectionTimeouts(options, election);
    }

    private static Dictionary<string, string?> ReadArguments(string[] args)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Length; i++)
        {
            var (option, value) = args[i].Split('=', 2) is [var before, var behind] ? (before, behind) : (args[i], null);
            if (!option.StartsWith("--", StringComparison.Ordinal)) throw new FormatException($"'{args[i]}' is no option: see --help");
            var name = Known(option[2..], option);
            if (value is null && Flags.Contains(option)) value = "true";
            else if (value is null && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) value = args[++i];
            settings[name] = value ?? throw new FormatException($"{name}: its value is missing");
        }

        return settings;
    }

    private static IConfiguration ReadFile(string file)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false).Build();
        foreach (var setting in settings.AsEnumerable()) Known(setting.Key, $"'{setting.Key}' in {file}");
        return settings;
    }

    private static string Known(string name, string shown) =>
        Names.Contains(name) ? name : throw new FormatException($"{shown} is no setting of a replica: see --help");

    [GeneratedRegex("--([a-z-]+)")]
    private static partial Regex NameInUsage();

    private static Dictionary<string, string?> FromEnvironment() => new ConfigurationBuilder()
        .AddEnvironmentVariables("MEMBERSHIP_")
        .Build()
        .AsEnumerable()
        .ToDictionary(setting => setting.Key.ToLowerInvariant().Replace('_', '-'), setting => setting.Value);

    internal static string Require(IConfiguration settings, string name) =>
        settings[name] is { Length: > 0 } value ? value : throw new FormatException($"{name}: missing");

    // A JSON file's true comes as "True".
    internal static bool IsOn(IConfiguration settings, string name)
    {
        if (settings[name] is not { } text) return false;
        return bool.TryParse(text, out var isOn) ? isOn : throw new FormatException($"{name}: '{text}' is not true or false");
    }

    private static IEnumerable<ReplicaAddress> ParseReplicas(string list)
    {
        foreach (var item in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (id, addresses) = item.Split('=', 2) is [var name, var rest]
                ? (name, rest.Split('/', 2))
                : throw new FormatException($"replicas: '{item}' is not ID=RAFT/PEER");
            if (addresses.Length != 2) throw new FormatException($"replicas: '{item}' is not ID=RAFT/PEER");
            yield return new(id, ParseEndPoint("replicas", addresses[0]), ParseEndPoint("replicas", addresses[1]));
        }
    }

    private static EndPoint ParseEndPoint(string setting, string text)
    {
        if (IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port > 0) return endPoint;
        var colon = text.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            return new DnsEndPoint(text[..colon], port);
        throw new FormatException($"{setting}: '{text}' is not host:port");
    }

    internal static IPEndPoint ParseListen(string setting, string text) => ParseEndPoint(setting, text) as IPEndPoint
        ?? throw new FormatException($"{setting}: '{text}' is not an IP address with a port");

    private static long ParseNumber(string setting, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{setting}: '{text}' is not a number");

    private static int ParseMs(string setting, string text) =>
        ParseNumber(setting, text) is <= int.MaxValue and var ms ? (int)ms : throw new FormatException($"{setting}: '{text}' is more than {int.MaxValue} ms");

    private static void SetElectionTimeouts(MembershipReplicaOptions options, string text)
    {
        if (text.Split('-') is not [var min, var max]) throw new FormatException($"election-ms: '{text}' is not MIN-MAX");
        options.ElectionTimeoutMinMs = ParseMs("election-ms", min);
        options.ElectionTimeoutMaxMs = ParseMs("election-ms", max);
    }

    private static ReplicaTls? ReadTls(IConfiguration settings)
    {
        if (settings["tls-certificate"] is null && settings["tls-key"] is null && settings["tls-authority"] is null) return null;
        return ReplicaTls.FromPemFiles(
            Require(settings, "tls-certificate"), Require(settings, "tls-key"), Require(settings, "tls-authority"));
    }
}
