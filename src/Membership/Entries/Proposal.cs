using System.Buffers;
using Membership.Formats;
using Membership.Mutations;

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
    /// <summary>Sequences up to this one are settled: the client has their answers. Below the request's own sequence.</summary>
    public ulong? Settled { get; init; }

    /// <summary>When the request was signed, Unix seconds; null when it carries no signature with freshness.</summary>
    public long? IssuedAt { get; init; }

    /// <summary>What is wrong with the request whatever the state is, or null. A replica rejects such a proposal at once.</summary>
    public ShapeFault? CheckShape() =>
        Settled >= RequestId.Sequence ? new(Code.InvalidArgument, "settled") : Mutation.CheckShape();

    /// <summary>The MessagePack form, as it stands in an entry.</summary>
    public byte[] Encode()
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        ProposalFormat.Write(bytes, this);
        return bytes.WrittenSpan.ToArray();
    }
}
