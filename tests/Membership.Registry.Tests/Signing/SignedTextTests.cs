using Membership.Protocol.Signing;

namespace Membership.Registry.Tests.Signing;

public sealed class SignedTextTests
{
    private static readonly NodeId Node = new(uint.MaxValue);
    private static readonly NetworkId Network = new(65535);

    [Fact]
    public void Texts_are_those_that_stock_clients_sign()
    {
        Assert.Equal("join_network:4294967295:65535", SignedText.JoinNetwork(Node, Network));
        Assert.Equal("leave_network:4294967295:65535", SignedText.LeaveNetwork(Node, Network));
        Assert.Equal("invite:4294967295:65535:2", SignedText.Invite(Node, Network, new(2)));
        Assert.Equal("poll_invites:4294967295", SignedText.PollInvites(Node));
        Assert.Equal("respond_invite:4294967295:65535", SignedText.RespondInvite(Node, Network));
        Assert.Equal("deregister:4294967295", SignedText.Deregister(Node));
        Assert.Equal("set_task_exec:4294967295", SignedText.SetTaskExec(Node));
        Assert.Equal("list_networks:4294967295", SignedText.ListNetworks(Node));
        Assert.Equal("list_nodes:4294967295:0", SignedText.ListNodes(Node, NetworkId.Backbone));
        Assert.Equal("register::4000:key=", SignedText.Register(":4000", "key="));
        Assert.Equal("rotate_node_key:alpha:4294967295:key=", SignedText.RotateNodeKey("alpha", Node, "key="));
    }

    [Fact]
    public void A_signature_is_standard_padded_base64_and_nothing_else()
    {
        using var key = NodeKey.FromSeed(new byte[32]);
        var signature = key.SignText("text");
        Assert.True(SignedText.Verify(key.PublicKey, "text", signature));
        string[] others =
        [
            "", " " + signature, signature + "\n", signature.TrimEnd('='), signature.Insert(4, "\n"), signature + "AAAA",
            signature[..^3] + (char)(signature[^3] + 1) + "==",
        ];
        foreach (var other in others) Assert.False(SignedText.Verify(key.PublicKey, "text", other), other);
        Assert.False(SignedText.Verify(default, "text", signature));
    }

    [Fact]
    public void A_new_key_is_its_seed_again()
    {
        var seed = new byte[NodeKey.SeedBytes];
        using var key = NodeKey.Create(seed);
        using var again = NodeKey.FromSeed(seed);
        Assert.Equal(key.PublicKey, again.PublicKey);
        Assert.NotEqual(new byte[NodeKey.SeedBytes], seed);
        Assert.Throws<ArgumentException>(() => NodeKey.Create(new byte[31]));
        Assert.Throws<ArgumentException>(() => NodeKey.FromSeed(new byte[33]));
    }

    [Theory]
    [InlineData("secret", "secret", true)]
    [InlineData("secret", "Secret", false)]
    [InlineData("secret", "secrets", false)]
    [InlineData("", "secret", false)]
    [InlineData("secret", "", false)]
    [InlineData("", "", false)]
    public void Secrets_are_compared_whole_and_nothing_equals_the_empty_one(string given, string expected, bool areEqual) =>
        Assert.Equal(areEqual, ConstantTime.AreEqual(given, expected));
}
