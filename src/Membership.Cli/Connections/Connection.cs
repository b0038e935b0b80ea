using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Membership.Cli.Running;
using Membership.Client;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;

namespace Membership.Cli.Connections;

/// <summary>The replicas, and as whom they are asked.</summary>
internal sealed class Connection : IAsyncDisposable
{
    // Anonymous requests and those with a token say no cluster; the client wants one all the same.
    private const string NoCluster = "unknown";

    private static readonly TimeSpan LimitDefault = TimeSpan.FromSeconds(10);

    private readonly MembershipClientOptions _options;

    private Connection(MembershipClientOptions options, ClientIdentity identity, NodeKey? key, NodeId? node)
    {
        (_options, Key, Node) = (options, key, node);
        Client = new(options, identity);
    }

    /// <summary>A client of all replicas.</summary>
    public MembershipClient Client { get; }

    /// <summary>The key that it signs with; null when it does not.</summary>
    public NodeKey? Key { get; }

    /// <summary>The node that it signs as; null when it does not.</summary>
    public NodeId? Node { get; }

    /// <summary>Whether it shows a token.</summary>
    public bool HasToken => Key is null && Client.Identity != ClientIdentity.Anonymous;

    public IReadOnlyList<ReplicaEndPoint> EndPoints => _options.Replicas;

    /// <summary>The time for a request.</summary>
    public TimeSpan Limit => _options.RequestLimit;

    /// <summary>Opens nothing yet: connections are made when they are needed.</summary>
    /// <exception cref="ToolException">An option is wrong or missing.</exception>
    public static Connection Of(Call call)
    {
        var (identity, key, node) = IdentityOf(call);
        var options = new MembershipClientOptions
        {
            Cluster = ClusterOf(call) ?? NoCluster,
            Replicas = EndPointsOf(call),
            Tls = TlsOf(call),
            AllowPlaintextTokens = call.Get(ConnectionOptions.InsecurePlaintext),
            RequestLimit = call.Get(ConnectionOptions.Timeout) ?? LimitDefault,
        };
        return new(options, identity, key, node);
    }

    /// <summary>A client of one replica, as the same; to be disposed.</summary>
    /// <remarks>It has nowhere else to go, so it waits for an answer as long as there is time: a snapshot may take it.</remarks>
    public MembershipClient ClientOf(ReplicaEndPoint replica) =>
        new(_options with { Replicas = [replica], AnswerLimit = _options.RequestLimit }, Client.Identity);

    /// <summary>The present revision: read linearizably, everything acknowledged before is in it.</summary>
    /// <exception cref="MembershipRequestException">It could not be read so freshly.</exception>
    public async Task<ulong> ReadRevisionAsync(CancellationToken cancel, Consistency consistency = Consistency.Linearizable) =>
        (await Client.ListNetworksAsync(new() { Limit = 1, Consistency = consistency }, cancel).DoneAsync()).Revision;

    /// <summary>For what is signed beside the request itself.</summary>
    /// <exception cref="ToolException">The cluster's id was not given.</exception>
    public void RequireCluster(string what)
    {
        if (_options.Cluster == NoCluster) throw ToolException.WrongArgument($"{what} is made for a cluster, give --cluster");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Key?.Dispose();
    }

    private static IReadOnlyList<ReplicaEndPoint> EndPointsOf(Call call)
    {
        if (call.Get(ConnectionOptions.EndPoints) is { } given) return given;
        if (Settings.Variable("MEMBERSHIP_ENDPOINTS") is not { } variable)
            throw ToolException.WrongArgument("it is not known where the replicas are, give --endpoints or set MEMBERSHIP_ENDPOINTS");
        return ConnectionOptions.ParseEndPoints(variable)
            ?? throw ToolException.WrongArgument("MEMBERSHIP_ENDPOINTS is not host:port,host:port, correct it or give --endpoints");
    }

    private static string? ClusterOf(Call call) => call.Get(ConnectionOptions.Cluster) ?? Settings.Variable("MEMBERSHIP_CLUSTER");

    // One actor a request: what was typed wins over what the environment says.
    private static (ClientIdentity Identity, NodeKey? Key, NodeId? Node) IdentityOf(Call call)
    {
        var (hasToken, hasKey) = (ConnectionOptions.Token.IsGiven(call), call.Has(ConnectionOptions.Key));
        if (hasToken && hasKey) throw ToolException.WrongArgument("a token and a key are two actors, give one of them");
        var token = hasKey ? null : ConnectionOptions.Token.Read(call);
        var file = hasToken ? null : call.Get(ConnectionOptions.Key) ?? Settings.Variable("MEMBERSHIP_KEY");
        if (token is not null && file is not null)
            throw ToolException.WrongArgument("the environment holds a token and a key, say which by an option");
        if (token is not null) return (ClientIdentity.AdminToken(token), null, null);
        if (file is null) return (ClientIdentity.Anonymous, null, null);
        if (ClusterOf(call) is null) throw ToolException.WrongArgument("a signature is made for a cluster, give --cluster");
        var key = KeyFile.Read(file);
        var node = NodeOf(call);
        return (node is { } id ? ClientIdentity.Node(id, key) : ClientIdentity.NewKey(key), key, node);
    }

    private static NodeId? NodeOf(Call call)
    {
        if (call.Get(ConnectionOptions.Node) is { } given) return given;
        if (Settings.Variable("MEMBERSHIP_NODE") is not { } variable) return null;
        return Parsing.Node(variable) ?? throw ToolException.WrongArgument($"MEMBERSHIP_NODE is not {Parsing.NodeRange}, correct it");
    }

    private static ClientTls? TlsOf(Call call)
    {
        var file = call.Get(ConnectionOptions.Authority) ?? Settings.Variable("MEMBERSHIP_TLS_AUTHORITY");
        if (file is null) return call.Get(ConnectionOptions.Tls) ? new() : null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(InputFile.ReadText(file));
        }
        catch (CryptographicException)
        {
            // As if there were none.
        }

        return authorities.Count > 0
            ? new() { Authorities = authorities }
            : throw ToolException.WrongArgument($"{file} holds no certificate in PEM, give another file");
    }
}
