using Xunit;

namespace Membership.Tests.Ids;

public sealed class PublicKeyTests
{
    private static readonly byte[] Counting = [.. Enumerable.Range(1, PublicKey.Length).Select(i => (byte)i)];

    [Fact]
    public void It_gives_back_its_bytes_and_their_base64()
    {
        var key = new PublicKey(Counting);
        Assert.Equal(Counting, key.ToArray());
        Assert.Equal("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", key.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void It_has_32_bytes(int length) => Assert.Throws<ArgumentException>(() => new PublicKey(new byte[length]));

    [Fact]
    public void Keys_are_equal_and_ordered_byte_for_byte()
    {
        var key = new PublicKey(Counting);
        Assert.Equal(key, new PublicKey(Counting));
        for (var i = 0; i < PublicKey.Length; i++)
        {
            var bytes = Counting.ToArray();
            bytes[i] = 255;
            var greater = new PublicKey(bytes);
            Assert.NotEqual(key, greater);
            Assert.True(key < greater && greater > key && key <= greater && greater >= key && key.CompareTo(greater) < 0);
        }
    }

    [Fact]
    public void The_default_is_32_zeros() => Assert.Equal(new byte[PublicKey.Length], default(PublicKey).ToArray());
}
