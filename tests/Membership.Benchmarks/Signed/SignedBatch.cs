using Membership.Protocol.Signing;

namespace Membership.Benchmarks.Signed;

/// <summary>Signed requests of one connection.</summary>
/// <param name="Frames">The bytes of all frames.</param>
/// <param name="Ends">Where each frame ends.</param>
/// <param name="Envelopes">What is in them.</param>
internal sealed record SignedBatch(ReadOnlyMemory<byte> Frames, int[] Ends, IReadOnlyList<SignedEnvelope> Envelopes);
