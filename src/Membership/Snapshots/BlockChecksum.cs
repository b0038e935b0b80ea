using System.IO.Hashing;

namespace Membership.Snapshots;

/// <summary>The checksum of a block: its lengths and its stored bytes.</summary>
internal static class BlockChecksum
{
    public static ulong Of(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> stored)
    {
        var hash = new XxHash3();
        hash.Append(lengths);
        hash.Append(stored);
        return hash.GetCurrentHashAsUInt64();
    }
}
