using System.Net;
using Membership.Protocol.Answers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

[Collection(SharedReplicaCollection.Name)]
public sealed class TokenTests(SharedReplica shared)
{
    private readonly ReplicaHost _host = shared.Host;
    private readonly RegistryClient _client = shared.Host.Client();

    [Fact]
    public async Task Each_of_the_configured_tokens_is_an_admins_and_the_trail_tells_which()
    {
        var rotating = _host.Client(null, "the-old-one", "the-new-one");
        var another = _host.Client(null, "the-new-one", "the-old-one");
        var names = new List<string?>();
        foreach (var (client, token) in new[] { (rotating, "the-old-one"), (rotating, "the-new-one"), (another, "the-old-one"), (another, "the-new-one") })
        {
            using var key = TestNode.NewKey();
            var registered = Ok(await client.SendAsync(Fields("register_node", ("public_key", key.PublicKey.ToString()), ("admin_token", token))));
            var trail = Ok(await client.SendAsync(Fields("get_audit", ("from_revision", registered.Revision), ("admin_token", token))));
            names.Add(trail.Fields.GetProperty("records")[0].GetProperty("actor").GetString());
        }

        // Whichever replica it was, and in whatever order it has the tokens.
        Assert.Equal(names[..2], names[2..]);
        Assert.NotEqual(names[0], names[1]);
        Assert.All(names, name => Assert.StartsWith("admin:", name, StringComparison.Ordinal));

        var rotated = _host.Client(null, "the-new-one");
        Refused(Code.AdminTokenInvalid, await rotated.SendAsync(Fields("get_audit", ("admin_token", "the-old-one"))));
        Ok(await rotated.SendAsync(Fields("get_audit", ("admin_token", "the-new-one"), ("limit", 1))));
    }

    [Theory]
    [InlineData("the-admin-toke")]
    [InlineData("the-admin-tokenx")]
    [InlineData("THE-ADMIN-TOKEN")]
    [InlineData(" ")]
    public async Task A_token_is_the_whole_text(string token) =>
        Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("get_audit", ("admin_token", token))));

    [Fact]
    public async Task An_empty_credential_is_one_and_is_nobodys_and_null_is_none()
    {
        Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("get_audit", ("admin_token", ""))));
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner);
        Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("delete_network", ("network_id", net), ("admin_token", ""))));
        Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("list_networks", ("admin_token", ""))));
        Refused(Code.LegacyDisabled, await _client.SendAsync(Fields("list_networks", ("signature", ""))));
        Refused(Code.SignatureInvalid, await _host.Client(new() { LegacySignatures = true }).SendAsync(Fields("list_networks", ("signature", ""))));
        Ok(await _client.SendAsync(Fields("list_networks", ("signature", null), ("admin_token", null))));
        Refused(Code.AdminRequired, await _client.SendAsync(Fields("get_audit", ("admin_token", null))));
        Ok(await _client.SignedAsync(owner, "delete_network", ("network_id", net), ("admin_token", null)));
        Refused(Code.InvalidArgument, await _client.SignedAsync(owner, "delete_network", ("network_id", net), ("admin_token", "")));
    }

    [Fact]
    public async Task Without_configured_tokens_admins_are_disabled_and_network_tokens_are_not()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner, ("network_admin_token", "net"));
        var without = _host.Client(null, "");
        Refused(Code.AdminDisabled, await without.SendAsync(Fields("get_audit", ("admin_token", AdminToken))));
        Refused(Code.AdminDisabled, await without.SendAsync(Fields("set_network_enterprise", ("network_id", net), ("enterprise", true), ("admin_token", AdminToken))));
        Refused(Code.AdminTokenInvalid, await without.SendAsync(Fields("rename_network", ("network_id", net), ("name", "x"), ("admin_token", AdminToken))));
        Refused(Code.AdminRequired, await without.SendAsync(Fields("get_audit")));
        Ok(await without.SendAsync(Fields("set_expr_policy", ("network_id", net), ("expr_policy", ""), ("admin_token", "net"))));
    }

    [Fact]
    public async Task A_networks_token_counts_there_as_admin_and_nowhere_else()
    {
        var (owner, node) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var net = await _client.CreateAsync(owner, ("network_admin_token", "net"), ("enterprise", true), ("join_rule", "invite"));
        var other = await _client.CreateAsync(owner, ("network_admin_token", "other"));
        Ok(await Net("invite_to_network", net, ("inviter_id", owner.Id), ("target_node_id", node.Id)));
        Ok(await Net("list_invites", net));
        Ok(await Net("get_network", net));
        Ok(await Net("set_network_policy", net, ("description", "d")));
        Refused(Code.RoleRequired, await Net("delete_network", net));
        Refused(Code.AdminRequired, await Net("set_network_enterprise", net, ("enterprise", true)));
        Refused(Code.AdminRequired, await Net("get_rbac_preassignments", net));
        Refused(Code.NotAuthorized, await Net("join_network", net, ("node_id", node.Id)));
        Refused(Code.AdminTokenInvalid, await Net("set_network_policy", other, ("description", "d")));
        Refused(Code.AdminTokenInvalid, await Net("set_network_policy", 65_000, ("description", "d")));
        Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("list_networks", ("admin_token", "net"))));

        Ok(await _client.SignedAsync(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "next")));
        Refused(Code.AdminTokenInvalid, await Net("set_network_policy", net, ("description", "d")));
        Ok(await _client.SignedAsync(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "net")));
        Ok(await Net("set_network_policy", net, ("description", "e")));
        Ok(await _client.SignedAsync(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "")));
        Refused(Code.AdminTokenInvalid, await Net("set_network_policy", net, ("description", "d")));

        Task<Answer> Net(string type, int network, params (string Name, object? Value)[] fields) =>
            _client.SendAsync(Fields(type, [("network_id", network), .. fields, ("admin_token", "net")]));
    }

    [Fact]
    public async Task A_join_token_is_asked_of_admins_too_and_follows_its_replacement()
    {
        var (owner, node) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var net = await _client.CreateAsync(owner, ("join_rule", "token"), ("token", "first"));
        (string, object?)[] join = [("node_id", node.Id), ("network_id", net)];
        Refused(Code.JoinTokenInvalid, await _client.AdminAsync("join_network", join));
        Refused(Code.JoinTokenInvalid, await _client.AdminAsync("join_network", [.. join, ("token", "second")]));
        Refused(Code.JoinTokenInvalid, await _client.SignedAsync(node, "join_network", [.. join, ("token", "")]));
        Ok(await _client.SignedAsync(owner, "set_join_rule", ("network_id", net), ("join_rule", "token"), ("token", "second")));
        Refused(Code.JoinTokenInvalid, await _client.SignedAsync(node, "join_network", [.. join, ("token", "first")]));
        Ok(await _client.SignedAsync(node, "join_network", [.. join, ("token", "second")]));
    }

    [Fact]
    public async Task Credentials_in_the_clear_are_for_this_machine_unless_it_is_said_otherwise()
    {
        var node = await _client.RegisterAsync();
        string[] requests =
        [
            Sign(node, _client.Payload(node, "poll_invites", ("node_id", node.Id))),
            Fields("get_audit", ("limit", 1), ("admin_token", AdminToken)).ToJsonString(),
            Fields("get_audit", ("limit", 1), ("admin_token", "wrong")).ToJsonString(),
            Fields("poll_invites", ("node_id", node.Id), ("signature", "x")).ToJsonString(),
            Fields("join_network", ("node_id", node.Id), ("network_id", 65_000), ("token", "t")).ToJsonString(),
            Fields("set_join_rule", ("network_id", 65_000), ("join_rule", "token"), ("token", "t")).ToJsonString(),
            Fields("set_network_admin_token", ("network_id", 65_000), ("network_admin_token", "t")).ToJsonString(),
            Fields("create_network", ("node_id", node.Id), ("name", "x"), ("network_admin_token", "t")).ToJsonString(),
        ];
        foreach (var request in requests)
        {
            Refused(Code.TlsRequired, await _client.SendAsync(request, Remote));
            foreach (var source in new[] { Remote with { IsEncrypted = true }, Local("127.0.0.1"), Local("::1"), Local("::ffff:127.0.0.1") })
                Assert.NotEqual(Code.TlsRequired, (await _client.SendAsync(request, source)).Code);
        }

        Ok(await _client.SendAsync(requests[1], Remote with { IsEncrypted = true }));
        Ok(await _client.SendAsync(Fields("list_networks"), Remote));
        Refused(Code.SignatureRequired, await _client.SendAsync(Fields("poll_invites", ("node_id", node.Id)), Remote));
        Refused(Code.SignatureRequired, await _client.SendAsync(Fields("join_network", ("node_id", node.Id), ("network_id", 65_000)), Remote));
        Ok(await _host.Client(new() { InsecurePlaintext = true }).SendAsync(requests[1], Remote));

        static RequestSource Local(string address) => new(IPAddress.Parse(address), IsEncrypted: false);
    }

    [Fact]
    public async Task A_caller_with_a_token_may_bring_its_own_request_id()
    {
        using var key = TestNode.NewKey();
        var request = Fields(
            "register_node", ("public_key", key.PublicKey.ToString()), ("request_id", $"{key.PublicKey.GetHashCode():x16}{1:x16}"), ("admin_token", "the-old-one"));
        var first = Ok(await _host.Client(null, "the-old-one").SendAsync(request));
        Assert.False(first.Flag("existing"));

        // The token is no part of the content, nor of the session.
        request["admin_token"] = "the-new-one";
        var again = Ok(await _host.Client(null, "the-new-one").SendAsync(request));
        Assert.Equal(first.Fields.GetRawText(), again.Fields.GetRawText());
        request["note"] = 1;
        Refused(Code.RequestIdReused, await _host.Client(null, "the-new-one").SendAsync(request));
    }
}
