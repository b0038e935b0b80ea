using System.Buffers.Binary;
using Membership.State;

namespace Membership.Replication.Peers;

/// <summary>A peer's own digest at a checkpoint.</summary>
/// <param name="Index">The applied index.</param>
/// <param name="Digest">16 bytes, big-endian.</param>
internal sealed record PeerCheckpoint(long Index, byte[] Digest)
{
    /// <summary>From what this replica found.</summary>
    public static PeerCheckpoint Of(StateCheckpoint checkpoint) => new(checkpoint.Index, checkpoint.Digest.ToArray());

    /// <summary>The digest; null when the bytes are none.</summary>
    public StateDigest? ToDigest() => Digest is { Length: 16 } ? new StateDigest(BinaryPrimitives.ReadUInt128BigEndian(Digest)) : null;
}
