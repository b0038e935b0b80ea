using System.Buffers;
using System.Buffers.Binary;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Membership.Replication.Peers;

/// <summary>
/// Frames messages by their length and keeps the bounds that the package has none of: a longer message than any of ours ends the
/// connection before a byte of it is stored, and so many requests at most are worked on, the next one staying unread until then.
/// </summary>
internal sealed class PeerMessageHandler(Stream stream, int requestsMax)
    : LengthHeaderMessageHandler(stream, stream, NewFormatter())
{
    /// <summary>Bytes of one message: the longest proposal or chunk, and what goes around it.</summary>
    public static readonly int MessageBytesMax = Limits.Production.MutationBytesMax + 16 * 1024;

    private const int HeaderLength = 4;

    private readonly SemaphoreSlim _requests = new(requestsMax);

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        await CheckLengthAsync(cancellationToken);
        var message = await base.ReadCoreAsync(cancellationToken);
        if (message is JsonRpcRequest { IsResponseExpected: true }) await _requests.WaitAsync(cancellationToken);
        return message;
    }

    protected override void Write(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        base.Write(content, cancellationToken);
        if (content is JsonRpcResult or JsonRpcError) _requests.Release();
    }

    private static NerdbankMessagePackFormatter NewFormatter() => new()
    {
        TypeShapeProvider = PolyType.SourceGenerator.TypeShapeProvider_Membership_Replication.Default,
    };

    // Looks at the header and leaves it to be read.
    private async ValueTask CheckLengthAsync(CancellationToken cancellationToken)
    {
        var read = await ReadAtLeastAsync(HeaderLength, allowEmpty: true, cancellationToken);
        if (read.Buffer.Length >= HeaderLength)
        {
            var length = LengthOf(read.Buffer);
            if (length == 0 || length > MessageBytesMax) throw new InvalidDataException($"a message of {length} bytes");
        }

        Reader!.AdvanceTo(read.Buffer.Start);
    }

    private static uint LengthOf(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header);
    }
}
