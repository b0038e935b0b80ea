using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Membership.Replication.Transport;

/// <summary>A connection whose bytes go through a stream on top of another connection: TLS, or a test's faults.</summary>
internal sealed class LayeredConnection : ConnectionContext
{
    // As large as a TLS record, so that one flush is one record.
    private const int BlockBytes = 16 * 1024;
    private readonly ConnectionContext _inner;
    private readonly Stream _layer;

    public LayeredConnection(ConnectionContext inner, Stream layer)
    {
        _inner = inner;
        _layer = layer;
        Transport = new Duplex(
            PipeReader.Create(layer, new(bufferSize: BlockBytes, leaveOpen: true)),
            PipeWriter.Create(layer, new(minimumBufferSize: BlockBytes, leaveOpen: true)));
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    // Not the inner features: they offer the inner connection's memory pool, whose blocks are smaller than this one's.
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => _inner.ConnectionClosed;
        set => _inner.ConnectionClosed = value;
    }

    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        // Aborted first: nothing below may wait for the other end to read.
        _inner.Abort();
        await _layer.DisposeAsync();
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
