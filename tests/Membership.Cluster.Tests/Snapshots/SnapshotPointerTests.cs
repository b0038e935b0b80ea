using System.Buffers;
using MessagePack;
using Membership.Replication.Snapshots;
using Xunit;

namespace Membership.Cluster.Tests.Snapshots;

public sealed class SnapshotPointerTests
{
    private static readonly SnapshotPointer sample =
        new(1000, 7, 123_456_789_012, new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]), "127.0.0.1:7102");

    [Fact]
    public void It_comes_back_as_it_was() => Assert.Equal(sample, Decode(sample.Encode()));

    [Fact]
    public void Its_bytes_are_these()
    {
        // Pointers stand in no log, but replicas of two versions exchange them.
        const string golden = "9601cd03e807cf0000001cbe991a14c420"
            + "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20ae3132372e302e302e313a37313032";
        Assert.Equal(golden, Convert.ToHexStringLower(sample.Encode()));
    }

    [Fact]
    public void Every_truncation_and_every_addition_is_refused()
    {
        var bytes = sample.Encode();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Decode(bytes[..length]));
        Assert.Throws<InvalidDataException>(() => Decode([.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => Decode(new byte[2000]));
    }

    [Fact]
    public void Every_flipped_bit_is_refused_or_another_pointer()
    {
        var bytes = sample.Encode();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.NotEqual(sample, Decode(flipped));
            }
            catch (Exception e) when (e is InvalidDataException or UnsupportedFormatException)
            {
                Assert.Contains("snapshot pointer", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_newer_format_is_told_from_nonsense()
    {
        var output = new ArrayBufferWriter<byte>();
        var w = new MessagePackWriter(output);
        w.WriteArrayHeader(2);
        w.Write(SnapshotPointer.Newest + 1);
        w.Write("something new");
        w.Flush();
        Assert.Throws<UnsupportedFormatException>(() => Decode(output.WrittenSpan.ToArray()));
    }

    [Theory]
    [InlineData(0, 1, 1, "a:1")]
    [InlineData(1, 0, 1, "a:1")]
    [InlineData(1, 1, 0, "a:1")]
    [InlineData(1, 1, -1, "a:1")]
    [InlineData(1, 1, 1, "")]
    public void A_field_out_of_range_is_refused(long index, long term, long length, string sender) =>
        Assert.Throws<InvalidDataException>(() => Decode(new SnapshotPointer(index, term, length, default, sender).Encode()));

    private static SnapshotPointer Decode(byte[] bytes) => SnapshotPointer.Decode(new ReadOnlySequence<byte>(bytes));
}
