using System.Text.Json;
using Xunit;

namespace Membership.Tests.Ids;

/// <summary>The address text, against vectors that were made by another implementation.</summary>
public sealed class NodeAddressTests
{
    public static TheoryData<ushort, uint, string> Vectors
    {
        get
        {
            using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "vectors.json")));
            var data = new TheoryData<ushort, uint, string>();
            foreach (var address in vectors.RootElement.GetProperty("addresses").EnumerateArray())
            {
                data.Add(
                    address.GetProperty("network").GetUInt16(),
                    address.GetProperty("node").GetUInt32(),
                    address.GetProperty("text").GetString()!);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void It_is_written_as_the_vectors_are_and_read_in_either_case(ushort network, uint node, string text)
    {
        var address = new NodeAddress(new(network), new(node));
        Assert.Equal(text, address.ToString());
        foreach (var form in new[] { text, text.ToLowerInvariant() })
        {
            Assert.True(NodeAddress.TryParse(form, out var read));
            Assert.Equal(address, read);
        }
    }

    [Fact]
    public void There_are_vectors() => Assert.True(Vectors.Count >= 4);

    [Fact]
    public void The_backbone_has_addresses_too()
    {
        Assert.True(NodeAddress.TryParse("0:0000.0000.0001", out var address));
        Assert.Equal(new(NetworkId.Backbone, new(1)), address);
        Assert.Equal("0:0000.0000.0001", address.ToString());
    }

    [Theory]
    [InlineData("2:0001.0000.03E9")]
    [InlineData("1:0002.0000.03E9")]
    [InlineData("16:000A.0000.0001")]
    [InlineData("65536:0000.0000.0001")]
    public void Network_figures_that_disagree_are_refused(string text) => Assert.False(NodeAddress.TryParse(text, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData(":0001.0000.03E9")]
    [InlineData("01:0001.0000.03E9")]
    [InlineData("+1:0001.0000.03E9")]
    [InlineData("-1:0001.0000.03E9")]
    [InlineData(" 1:0001.0000.03E9")]
    [InlineData("1:0001.0000.03E9 ")]
    [InlineData("1:0001.0000.03E9\n")]
    [InlineData("1:0001.0000.3E9")]
    [InlineData("1:0001.0000.003E9")]
    [InlineData("1:0001:0000.03E9")]
    [InlineData("1:0001.0000-03E9")]
    [InlineData("1:0001.0000.03G9")]
    [InlineData("1:0001.0000. 3E9")]
    [InlineData("1:0x01.0000.03E9")]
    [InlineData("1:+001.0000.03E9")]
    [InlineData("A:000A.0000.0001")]
    [InlineData("99999:869F.0000.0001")]
    public void What_has_another_shape_is_refused(string? text)
    {
        Assert.False(NodeAddress.TryParse(text, out var address));
        Assert.Equal(default, address);
    }
}
