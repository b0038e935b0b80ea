using Xunit;

namespace Membership.Tests.Ids;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("00112233445566770000000000000001", 0x0011223344556677, 1)]
    [InlineData("00000000000000000000000000000000", 0, 0)]
    [InlineData("ffffffffffffffffffffffffffffffff", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("0123456789abcdef8000000000000000", 0x0123456789ABCDEF, 0x8000000000000000)]
    public void It_is_16_digits_of_the_client_and_16_of_the_sequence(string text, ulong client, ulong sequence)
    {
        Assert.True(RequestId.TryParse(text, out var id));
        Assert.Equal(new(client, sequence), id);
        Assert.Equal(text, id.ToString());
    }

    [Fact]
    public void Digits_are_read_in_either_case_and_written_in_lower()
    {
        Assert.True(RequestId.TryParse("FFEEDDCCBBAA99880000000000000aBc", out var id));
        Assert.Equal("ffeeddccbbaa99880000000000000abc", id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0011223344556677000000000000001")]
    [InlineData("001122334455667700000000000000011")]
    [InlineData("0011223344556677000000000000000g")]
    [InlineData("0x112233445566770000000000000001")]
    [InlineData(" 0112233445566770000000000000001")]
    [InlineData("0011223344556677000000000000001 ")]
    [InlineData("-0112233445566770000000000000001")]
    [InlineData("00112233445566770000000000000001\n")]
    public void Nothing_else_is_one(string? text)
    {
        Assert.False(RequestId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }
}
