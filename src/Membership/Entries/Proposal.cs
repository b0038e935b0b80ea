using System.Buffers;
using Membership.Formats;
using Membership.Mutations;
using Membership.State;

namespace Membership;

/// <summary>
/// One mutation with who asks, under which request id and with which content: what a replica proposes, and what a log entry holds
/// many of.
/// </summary>
/// <param name="RequestId">Names the request; a retry keeps it.</param>
/// <param name="Fingerprint">Stands for the content of the request.</param>
/// <param name="Actor">Who asks, as authenticated.</param>
/// <param name="Mutation">What is asked.</param>
/// <remarks>Immutable, so any thread may use it.</remarks>
public sealed record Proposal(RequestId RequestId, Fingerprint Fingerprint, Actor Actor, Mutation Mutation)
{
    // A large document is seldom; its room is not kept for each thread.
    private const int BufferKeptMax = 16 << 10;

    /// <summary>Sequences up to this one are settled: the client has their answers. Below the request's own sequence.</summary>
    public ulong? Settled { get; init; }

    /// <summary>When the request was signed, Unix seconds; null when it carries no signature with freshness.</summary>
    public long? IssuedAt { get; init; }

    /// <summary>What is wrong with the request whatever the state is, or null. A replica rejects such a proposal at once.</summary>
    public ShapeFault? CheckShape() =>
        Settled >= RequestId.Sequence ? new(Code.InvalidArgument, "settled") : Mutation.CheckShape();

    // Every proposal is encoded once, and the buffer is needed for that moment alone.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>The MessagePack form, as it stands in an entry.</summary>
    public byte[] Encode()
    {
        var bytes = _buffer ??= new(256);
        bytes.ResetWrittenCount();
        ProposalFormat.Write(bytes, this);
        var encoded = bytes.WrittenSpan.ToArray();
        if (bytes.Capacity > BufferKeptMax) _buffer = null;
        return encoded;
    }

    /// <summary>The network that an encoded proposal is about; the backbone when it is about none, or cannot be read.</summary>
    /// <param name="encoded">From <see cref="Encode"/>, of any replica.</param>
    public static NetworkId NetworkOf(ReadOnlyMemory<byte> encoded) =>
        ProposalFormat.Read(encoded, MembershipState.NewestVersion).Mutation is { } mutation ? MutationNetwork.Of(mutation) : NetworkId.Backbone;
}
