using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Membership.Replication;
using Membership.Replication.Peers;
using Microsoft.Extensions.Configuration;

namespace RegistryReplica;

/// <summary>
/// What the command line, the environment (<c>MEMBERSHIP_…</c>) and a JSON file (<c>--config FILE</c>) say, the first of them that has a
/// setting winning.
/// </summary>
internal static class ReplicaSettings
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
          --secret-file FILE       the cluster's secret, 32 bytes, outside the data folder
          --admin-tokens-file FILE admin tokens, one a line
          --snapshot-bytes N       take a snapshot after so many bytes of log (default 67108864)
          --tls-certificate FILE   this replica's certificate (PEM), with --tls-key and --tls-authority
          --tls-key FILE           its private key (PEM)
          --tls-authority FILE     the authority that replicas' certificates are of (PEM)
          --election-ms MIN-MAX    election timeout (default 300-600)
          --config FILE            more settings, as JSON with these names

        Every setting can also stand in the environment, as MEMBERSHIP_ID, MEMBERSHIP_SECRET_FILE and so on.

        make-certificates makes a development authority and a certificate for each replica in DIR.
        """;

    private const int SecretLength = 32;

    /// <summary>Collects the settings.</summary>
    public static IConfiguration Collect(string[] args)
    {
        var commandLine = new ConfigurationBuilder().AddCommandLine([.. args.Select(arg => arg == "--bootstrap" ? "--bootstrap=true" : arg)]).Build();
        var settings = new ConfigurationBuilder();
        if (commandLine["config"] is { } file) settings.AddJsonFile(Path.GetFullPath(file), optional: false);
        settings.AddInMemoryCollection(FromEnvironment());
        settings.AddConfiguration(commandLine);
        return settings.Build();
    }

    /// <summary>Makes the options of a replica out of the settings.</summary>
    /// <exception cref="FormatException">Says which setting is wrong.</exception>
    /// <exception cref="IOException">A file of secrets or certificates cannot be read.</exception>
    public static MembershipReplicaOptions ToOptions(IConfiguration settings)
    {
        var options = new MembershipReplicaOptions
        {
            ReplicaId = Require(settings, "id"),
            ClusterId = Require(settings, "cluster"),
            DataFolder = Require(settings, "data"),
            Bootstrap = settings["bootstrap"] == "true",
            SecretId = settings["secret-file"] is { } file ? ReadSecretId(file) : null,
            Tls = ReadTls(settings),
        };
        foreach (var replica in ParseReplicas(Require(settings, "replicas"))) options.Replicas.Add(replica);
        if (settings["listen"] is { } listen) options.RaftListenEndPoint = ParseListen("listen", listen);
        if (settings["listen-peers"] is { } listenPeers) options.PeerListenEndPoint = ParseListen("listen-peers", listenPeers);
        if (settings["snapshot-bytes"] is { } bytes) options.SnapshotBytes = ParseNumber("snapshot-bytes", bytes);
        if (settings["election-ms"] is { } election) SetElectionTimeouts(options, election);
        return options;
    }

    /// <summary>The admin tokens; none when there is no file.</summary>
    /// <exception cref="FormatException">The file holds no token.</exception>
    public static IReadOnlyList<string> ReadAdminTokens(IConfiguration settings)
    {
        if (settings["admin-tokens-file"] is not { } file) return [];
        List<string> tokens = [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return tokens.Count > 0 ? tokens : throw new FormatException("admin-tokens-file: the file holds no token");
    }

    private static Dictionary<string, string?> FromEnvironment() => new ConfigurationBuilder()
        .AddEnvironmentVariables("MEMBERSHIP_")
        .Build()
        .AsEnumerable()
        .ToDictionary(setting => setting.Key.ToLowerInvariant().Replace('_', '-'), setting => setting.Value);

    private static string Require(IConfiguration settings, string name) =>
        settings[name] is { Length: > 0 } value ? value : throw new FormatException($"{name}: missing");

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

    private static IPEndPoint ParseListen(string setting, string text) => ParseEndPoint(setting, text) as IPEndPoint
        ?? throw new FormatException($"{setting}: '{text}' is not an IP address with a port");

    private static long ParseNumber(string setting, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{setting}: '{text}' is not a number");

    private static void SetElectionTimeouts(MembershipReplicaOptions options, string text)
    {
        if (text.Split('-') is not [var min, var max]) throw new FormatException($"election-ms: '{text}' is not MIN-MAX");
        options.ElectionTimeoutMinMs = checked((int)ParseNumber("election-ms", min));
        options.ElectionTimeoutMaxMs = checked((int)ParseNumber("election-ms", max));
    }

    // The id tells secrets apart and says nothing about them.
    private static string ReadSecretId(string file)
    {
        var secret = File.ReadAllBytes(file);
        try
        {
            return secret.Length == SecretLength
                ? Convert.ToHexStringLower(HMACSHA256.HashData(secret, "membership cluster secret id"u8).AsSpan(0, 8))
                : throw new FormatException($"secret-file: {file} has {secret.Length} bytes, not {SecretLength}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static ReplicaTls? ReadTls(IConfiguration settings)
    {
        if (settings["tls-certificate"] is null && settings["tls-key"] is null && settings["tls-authority"] is null) return null;
        return ReplicaTls.FromPemFiles(
            Require(settings, "tls-certificate"), Require(settings, "tls-key"), Require(settings, "tls-authority"));
    }
}
