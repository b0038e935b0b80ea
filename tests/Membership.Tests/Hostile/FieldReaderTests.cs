using Membership.Formats;
using Xunit;

namespace Membership.Tests.Hostile;

/// <summary>Lengths that the MessagePack package takes for negative ones: found by <see cref="TotalApplyTests"/>, kept by name.</summary>
public sealed class FieldReaderTests
{
    private const byte Bin32 = 0xC6, Str32 = 0xDB, Array32 = 0xDD, Map32 = 0xDF;

    [Theory]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void A_length_of_2_GiB_or_more_is_malformed(byte highest)
    {
        Assert.True(IsRefused(Bin32, highest, static (ref r) => r.ReadBytes()));
        Assert.True(IsRefused(Bin32, highest, static (ref r) => r.ReadBytesInPlace()));
        Assert.True(IsRefused(Bin32, highest, static (ref r) => r.ReadRequestId()));
        Assert.True(IsRefused(Str32, highest, static (ref r) => r.ReadText()));
        Assert.True(IsRefused(Str32, highest, static (ref r) => r.ReadOptionalText()));
        Assert.True(IsRefused(Array32, highest, static (ref r) => r.ReadTexts(10)));
        Assert.True(IsRefused(Array32, highest, static (ref r) => r.ReadArrayHeader(10)));
        Assert.True(IsRefused(Array32, highest, static (ref r) => r.ReadAttributeValue()));
        Assert.True(IsRefused(Map32, highest, static (ref r) => r.ReadMapHeader()));
    }

    private delegate void Reading(ref FieldReader reader);

    private static bool IsRefused(byte header, byte highest, Reading read)
    {
        var reader = new FieldReader(new byte[] { header, highest, 0xFF, 0xFF, 0xFF, 1, 2, 3 });
        try
        {
            read(ref reader);
            return false;
        }
        catch (FormatViolationException)
        {
            return true;
        }
    }
}
