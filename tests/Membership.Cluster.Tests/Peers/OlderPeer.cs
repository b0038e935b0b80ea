using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Membership.Replication.Peers;
using PolyType;
using StreamJsonRpc;

namespace Membership.Cluster.Tests.Peers;

/// <summary>The peer channel as it was before batches had groups.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
internal partial interface IOlderPeerContract
{
    Task<byte[]> ForwardAsync(byte[] batch, int deadlineMs);
}

/// <summary>A peer of that time, which takes connections one after another and decides each proposal with its first byte as revision.</summary>
internal sealed class OlderPeer : IOlderPeerContract, IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public OlderPeer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public PeerAddress Address => new(PeerPair.ServerIdentity.ReplicaId, _listener.LocalEndpoint);

    /// <summary>How many proposals each batch had.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    public Task<byte[]> ForwardAsync(byte[] batch, int deadlineMs)
    {
        var proposals = ProposalBatch.Read(batch);
        Batches.Enqueue(proposals.Length);
        return Task.FromResult(ForwardResultFormat.Write(ScriptedService.Echo(proposals)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var stream = client.GetStream();
            await Preamble.AcceptAsync(
                stream, PreambleProtocol.Peer, PeerPair.ServerIdentity, _ => { }, TimeSpan.FromSeconds(5), _stop.Token);
            using var rpc = new JsonRpc(new PeerMessageHandler(stream, requestsMax: 256));
            rpc.TraceSource.Switch.Level = SourceLevels.Off;
            rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IOlderPeerContract>(), this, options: null);
            rpc.StartListening();
            await rpc.Completion.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
