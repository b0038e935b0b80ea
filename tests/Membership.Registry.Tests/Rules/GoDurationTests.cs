using Membership.Protocol.Rules;

namespace Membership.Registry.Tests.Rules;

public sealed class GoDurationTests
{
    private const long Second = 1_000_000_000;
    private const long Hour = 3600 * Second;

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+0", 0)]
    [InlineData("0s", 0)]
    [InlineData("5s", 5 * Second)]
    [InlineData("24h", 24 * Hour)]
    [InlineData("1h30m", 90 * 60 * Second)]
    [InlineData("30m1h", 90 * 60 * Second)]
    [InlineData("1h1h", 2 * Hour)]
    [InlineData("1.5h", 90 * 60 * Second)]
    [InlineData(".5s", Second / 2)]
    [InlineData("5.s", 5 * Second)]
    [InlineData("-1.5h", -90 * 60 * Second)]
    [InlineData("+5s", 5 * Second)]
    [InlineData("100ns", 100)]
    [InlineData("3us", 3_000)]
    [InlineData("3\u00B5s", 3_000)]
    [InlineData("3\u03BCs", 3_000)]
    [InlineData("7ms", 7_000_000)]
    [InlineData("1h2m3s4ms5us6ns", Hour + 123 * Second + 4_005_006)]
    [InlineData("0.3333333333333333333h", Hour / 3)]
    [InlineData("0.830103483285477580700h", 2_988_372_539_827)]
    [InlineData("1.9ns", 1)]
    [InlineData("9223372036854775807ns", long.MaxValue)]
    [InlineData("-9223372036854775808ns", long.MinValue)]
    [InlineData("2562047h47m16.854775807s", long.MaxValue)]
    public void A_duration_is_read(string text, long nanoseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var read));
        Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("1")]
    [InlineData("00")]
    [InlineData(".")]
    [InlineData(".s")]
    [InlineData("+.s")]
    [InlineData("h")]
    [InlineData("1 h")]
    [InlineData(" 1h")]
    [InlineData("1h\n")]
    [InlineData("1H")]
    [InlineData("1d")]
    [InlineData("1hm")]
    [InlineData("--1h")]
    [InlineData("1h-1m")]
    [InlineData("1..5h")]
    [InlineData("1e3s")]
    [InlineData("\u0661s")]
    [InlineData("9223372036854775808ns")]
    [InlineData("-9223372036854775809ns")]
    [InlineData("9223372036854775.808us")]
    [InlineData("2562048h")]
    [InlineData("99999999999999999999h")]
    [InlineData("2562047h47m16.854775808s")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(GoDuration.TryParse(text, out _));
}
