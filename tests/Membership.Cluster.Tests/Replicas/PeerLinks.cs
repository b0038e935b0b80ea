using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Membership.Replication;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>
/// The peer channels between replicas, each by a way of its own that can be cut: nothing passes any more, nobody is told, and what was held
/// passes when it is mended.
/// </summary>
internal sealed class PeerLinks : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string From, string To), Way> _ways = [];

    /// <summary>Has a replica reach each of the others by such a way.</summary>
    public void Redirect(MembershipReplicaOptions options)
    {
        for (var i = 0; i < options.Replicas.Count; i++)
        {
            var other = options.Replicas[i];
            if (other.Id == options.ReplicaId) continue;
            var way = _ways.GetOrAdd((options.ReplicaId, other.Id), _ => new(other.PeerEndPoint));
            options.Replicas[i] = other with { PeerEndPoint = way.EndPoint };
        }
    }

    /// <summary>Cuts one replica off from the others, both ways.</summary>
    public void Isolate(string replica)
    {
        foreach (var ((from, to), way) in _ways)
        {
            if (from == replica || to == replica) way.Cut();
        }
    }

    /// <summary>Everything passes again.</summary>
    public void Mend()
    {
        foreach (var way in _ways.Values) way.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var way in _ways.Values) await way.DisposeAsync();
    }

    private sealed class Way : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly EndPoint _to;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;
        private TaskCompletionSource _open = new();

        public Way(EndPoint to)
        {
            _to = to;
            _open.SetResult();
            _listener.Start();
            _running = RunAsync();
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        public void Cut() => Volatile.Write(ref _open, new(TaskCreationOptions.RunContinuationsAsynchronously));

        public void Mend() => Volatile.Read(ref _open).TrySetResult();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task RunAsync()
        {
            while (true) _ = JoinAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }

        private async Task JoinAsync(Socket near)
        {
            using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            near.NoDelay = true;
            try
            {
                await far.ConnectAsync(_to, _stop.Token);
                await Task.WhenAny(PassAsync(near, far), PassAsync(far, near));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Nobody listens there, or the test is over: whoever connected sees its connection end.
            }

            near.Dispose();
        }

        private async Task PassAsync(Socket from, Socket to)
        {
            var buffer = new byte[64 << 10];
            try
            {
                while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
                {
                    await Volatile.Read(ref _open).Task.WaitAsync(_stop.Token);
                    await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }
}
