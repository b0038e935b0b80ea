using System.Buffers;
using FsCheck.Xunit;
using Membership.Formats;
using MessagePack;
using Xunit;

namespace Membership.Tests.Hostile;

/// <summary>Our reader and writer against the MessagePack package: the same bytes, the same values, the same refusals.</summary>
public sealed class FieldAgreementTests
{
    private static readonly ulong[] Edges =
    [
        0, 1, 31, 32, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32,
        long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    public static TheoryData<int> Lengths => [0, 1, 15, 16, 31, 32, 33, 255, 256, 257, 65_535, 65_536, 70_000];

    [Property(MaxTest = 500)]
    public void A_number_is_written_as_by_the_package(ulong value, long other)
    {
        foreach (var number in Edges.Append(value)) AssertSame((ref w) => w.Write(number), (ref w) => w.Write(number));
        foreach (var number in Edges.Select(edge => -(long)(edge & long.MaxValue)).Append(other))
            AssertSame((ref w) => w.Write(number), (ref w) => w.Write(number));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Texts_bytes_and_headers_are_written_as_by_the_package(int length)
    {
        var text = new string('ü', length / 2) + new string('x', length % 2);
        var bytes = new byte[length];
        AssertSame((ref w) => w.Write(text), (ref w) => w.Write(text));
        AssertSame((ref w) => w.Write(bytes), (ref w) => w.Write(bytes));
        AssertSame((ref w) => w.WriteArrayHeader(length), (ref w) => w.WriteArrayHeader(length));
        AssertSame((ref w) => w.WriteMapHeader(length), (ref w) => w.WriteMapHeader(length));
    }

    [Property(MaxTest = 5_000)]
    public void What_the_package_reads_is_read_alike_and_nothing_else(byte[] noise, byte type)
    {
        var bytes = (byte[])[type, .. noise];
        AssertSame(bytes, (ref r) => r.ReadUInt64(), (ref r) => r.ReadUInt64());
        AssertSame(bytes, (ref r) => r.ReadInt64(), (ref r) => r.ReadInt64());
        AssertSame(bytes, (ref r) => r.ReadUInt16(), (ref r) => r.ReadUInt16());
        AssertSame(bytes, (ref r) => r.ReadByte(), (ref r) => r.ReadByte());
        AssertSame(bytes, (ref r) => r.ReadBoolean(), (ref r) => r.ReadBoolean());
        AssertSame(bytes, (ref r) => r.ReadArrayHeader(int.MaxValue), (ref r) => r.ReadArrayHeader());

        // The package takes a text for bytes, we do not.
        if (MessagePackCode.ToMessagePackType(type) == MessagePackType.String) return;
        AssertSame(
            bytes,
            (ref r) => Convert.ToHexString(r.ReadBytes().Span),
            (ref r) => Convert.ToHexString((r.ReadBytes() ?? throw new MessagePackSerializationException()).ToArray()));
    }

    private static void AssertSame(Writing ours, PackageWriting theirs)
    {
        var (a, b) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var w = new FieldWriter(a);
        ours(ref w);
        w.Flush();
        var packaged = new MessagePackWriter(b);
        theirs(ref packaged);
        packaged.Flush();
        Assert.Equal(Convert.ToHexString(b.WrittenSpan), Convert.ToHexString(a.WrittenSpan));
    }

    private static void AssertSame<T>(byte[] bytes, Reading<T> ours, PackageReading<T> theirs) =>
        Assert.Equal(Read(bytes, theirs), Read(bytes, ours));

    private static string Read<T>(byte[] bytes, Reading<T> read)
    {
        var reader = new FieldReader(bytes);
        try
        {
            return $"{read(ref reader)}, at its end {reader.End}";
        }
        catch (FormatViolationException)
        {
            return "refused";
        }
    }

    private static string Read<T>(byte[] bytes, PackageReading<T> read)
    {
        var reader = new MessagePackReader(bytes);
        try
        {
            return $"{read(ref reader)}, at its end {reader.End}";
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            // The last is how the package takes a length of 2 GiB or more.
            return "refused";
        }
    }

    private delegate void Writing(ref FieldWriter writer);

    private delegate void PackageWriting(ref MessagePackWriter writer);

    private delegate T Reading<T>(ref FieldReader reader);

    private delegate T PackageReading<T>(ref MessagePackReader reader);
}
