using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>
/// The connections of a cluster in one process, which a test can cut. A cut is silent: what was being sent vanishes, nothing comes back,
/// a new connection is never answered. Connections that lived through a cut stay dead; new ones work once it is mended.
/// </summary>
internal sealed class Links
{
    private readonly ConcurrentDictionary<(EndPoint From, EndPoint To), Link> links = new();

    /// <summary>The speed of each connection in bytes a second, of those made from now on; 0 for no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>What a node at <paramref name="from"/> uses to reach the others.</summary>
    public IConnectionFactory FactoryFor(EndPoint from) => new Factory(this, from);

    /// <summary>Cuts the requests of one node to another, answers included.</summary>
    public void CutOneWay(EndPoint from, EndPoint to) => Between(from, to).Cut();

    /// <summary>Cuts everything between a node and others.</summary>
    public void Cut(EndPoint node, params IEnumerable<EndPoint> others)
    {
        foreach (var other in others)
        {
            CutOneWay(node, other);
            CutOneWay(other, node);
        }
    }

    /// <summary>Mends all links.</summary>
    public void Mend()
    {
        foreach (var link in links.Values)
            link.Mend();
    }

    private Link Between(EndPoint from, EndPoint to) => links.GetOrAdd((from, to), _ => new Link());

    private sealed class Link
    {
        private volatile TaskCompletionSource? mended;
        private int cuts;

        public int Cuts => Volatile.Read(ref cuts);

        public Task Open => mended?.Task ?? Task.CompletedTask;

        public void Cut()
        {
            mended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Increment(ref cuts);
        }

        public void Mend()
        {
            mended?.TrySetResult();
            mended = null;
        }
    }

    private sealed class Factory(Links links, EndPoint from) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var link = links.Between(from, endpoint);
            await link.Open.WaitAsync(cancellationToken);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(endpoint, cancellationToken);
                return new Connection(new LinkStream(socket, link, links.BytesPerSecond));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private sealed class LinkStream(Socket socket, Link link, int bytesPerSecond) : NetworkStream(socket, ownsSocket: true)
    {
        private static readonly TimeSpan slice = TimeSpan.FromMilliseconds(10);
        private static readonly TaskCompletionSource never = new();
        private readonly int born = link.Cuts;
        private readonly long bytesPerSlice = (long)(bytesPerSecond * slice.TotalSeconds);
        private long bytesInSlice;

        private bool Dead => link.Cuts != born;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (Dead)
                await never.Task.WaitAsync(cancellationToken);
            return read;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (bytesPerSecond > 0)
                await PaceAsync(buffer.Length, cancellationToken);
            if (!Dead)
                await base.WriteAsync(buffer, cancellationToken);
        }

        private async ValueTask PaceAsync(int bytes, CancellationToken cancellationToken)
        {
            using var timer = new PeriodicTimer(slice);
            for (bytesInSlice += bytes; bytesInSlice >= bytesPerSlice; bytesInSlice -= bytesPerSlice)
                await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private sealed class Connection : ConnectionContext, IDuplexPipe
    {
        private readonly LinkStream stream;

        public Connection(LinkStream stream)
        {
            this.stream = stream;
            Input = PipeReader.Create(stream);
            Output = PipeWriter.Create(stream);
            Transport = this;
        }

        public PipeReader Input { get; }

        public PipeWriter Output { get; }

        public override IDuplexPipe Transport { get; set; }

        public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override void Abort(ConnectionAbortedException abortReason) => stream.Dispose();

        public override async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
