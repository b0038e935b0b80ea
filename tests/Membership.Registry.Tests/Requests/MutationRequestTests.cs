using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Protocol.Tokens;

namespace Membership.Registry.Tests.Requests;

public sealed class MutationRequestTests : IDisposable
{
    private static readonly NetworkId Ops = new(3);
    private static readonly NodeId Alice = new(1001);
    private static readonly NodeId Bob = new(1002);

    private readonly ClusterSecret _secret = new(new byte[32]);
    private readonly VersionedVerifier _sesame;

    public MutationRequestTests() => _sesame = new(17, _secret.MakeVerifier("sesame"));

    private ProposalInputs Inputs => new("alpha", _secret, network => network == Ops ? _sesame : null);

    public void Dispose() => _secret.Dispose();

    [Fact]
    public void Plain_mutations_are_read_as_they_are_proposed()
    {
        (string Json, Mutation Expected)[] rows =
        [
            ("""{"type":"deregister_node","node_id":1001}""", new DeregisterNode(Alice)),
            ("""{"type":"set_external_id","node_id":1001,"external_id":""}""", new SetExternalId(Alice, "")),
            ("""{"type":"set_task_exec","node_id":1001,"enabled":false}""", new SetTaskExec(Alice, false)),
            ("""{"type":"delete_network","network_id":3}""", new DeleteNetwork(Ops)),
            ("""{"type":"rename_network","network_id":3,"name":"Not valid","node_id":1001}""", new RenameNetwork(Ops, "Not valid", Alice)),
            ("""{"type":"set_network_enterprise","network_id":3,"enterprise":true}""", new SetNetworkEnterprise(Ops, true)),
            ("""{"type":"leave_network","node_id":1001,"network_id":3}""", new LeaveNetwork(Alice, Ops)),
            ("""{"type":"kick_member","network_id":3,"target_node_id":1002,"node_id":1001}""", new KickMember(Ops, Bob, Alice)),
            ("""{"type":"promote_member","network_id":3,"target_node_id":1002}""", new PromoteMember(Ops, Bob)),
            ("""{"type":"demote_member","network_id":3,"target_node_id":1002}""", new DemoteMember(Ops, Bob)),
            ("""{"type":"transfer_ownership","network_id":3,"new_owner_id":1002}""", new TransferOwnership(Ops, Bob)),
            ("""{"type":"invite_to_network","network_id":3,"inviter_id":1001,"target_node_id":1002}""", new InviteToNetwork(Ops, Alice, Bob)),
            ("""{"type":"respond_invite","node_id":1001,"network_id":3,"accept":false}""", new RespondInvite(Alice, Ops, false)),
            ("""{"type":"revoke_invite","network_id":3,"target_node_id":1002}""", new RevokeInvite(Ops, Bob)),
            ("""{"type":"set_join_rule","network_id":3,"join_rule":"invite"}""", new SetJoinRule(Ops, JoinRule.Invite)),
            ("""{"type":"set_network_policy","network_id":3,"max_members":10001}""", new SetNetworkPolicy { Network = Ops, MaxMembers = 10001 }),
        ];
        foreach (var (json, expected) in rows) Assert.Equal(expected, Wire.Complete<Mutation>(json, Inputs));
    }

    [Fact]
    public void Lists_are_read_in_order()
    {
        var tags = Wire.Mutation<SetMemberTags>("""{"type":"set_member_tags","network_id":3,"target_node_id":1002,"tags":["b","a","b","é"]}""");
        Assert.Equal(["b", "a", "b", "é"], tags.Tags.ToArray());
        var policy = Wire.Mutation<SetNetworkPolicy>("""{"type":"set_network_policy","network_id":3,"allowed_ports":[443,70000,443]}""");
        Assert.Equal([443u, 70000, 443], policy.AllowedPorts!.Value.ToArray());
        Assert.Equal((null, null), (policy.MaxMembers, policy.Description));
        var roles = Wire.Mutation<SetRbacPreassignments>(
            """{"type":"set_rbac_preassignments","network_id":3,"roles":[{"role":"admin","external_id":"A"},{"external_id":"","role":"owner"},{"external_id":"b","role":"member"}]}""");
        Assert.Equal([new("A", Role.Admin), new("", Role.None), new("b", Role.Member)], roles.Roles.ToArray());
    }

    [Fact]
    public void Lists_far_too_long_are_cut_and_stay_too_long()
    {
        var many = string.Join(',', Enumerable.Repeat("\"a\"", 100_000));
        Assert.Equal(1000, Wire.Mutation<SetMemberTags>($$"""{"type":"set_member_tags","network_id":3,"target_node_id":1002,"tags":[{{many}}]}""").Tags.Length);
        var ports = string.Join(',', Enumerable.Repeat("1", 100_000));
        Assert.Equal(1000, Wire.Mutation<SetNetworkPolicy>($$"""{"type":"set_network_policy","network_id":3,"allowed_ports":[{{ports}}]}""").AllowedPorts!.Value.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"join_rule\":\"\",\"token\":\"\",\"network_admin_token\":\"\",\"rules\":\"\",\"expr_policy\":\"\",")]
    [InlineData("\"join_rule\":null,\"token\":null,\"network_admin_token\":null,\"rules\":null,\"expr_policy\":null,\"enterprise\":null,")]
    [InlineData("\"token\":\"beside the open rule\",")]
    public void An_empty_string_of_create_network_is_absent(string fields)
    {
        var created = Wire.Complete<CreateNetwork>($$"""{"type":"create_network",{{fields}}"node_id":1001,"name":"ops"}""", Inputs);
        Assert.Equal(new CreateNetwork { Creator = Alice, Name = "ops" }, created);
    }

    [Fact]
    public void Tokens_become_verifiers_under_salts_of_their_own()
    {
        const string Json = """{"type":"create_network","node_id":1001,"name":"ops","join_rule":"token","token":"sesame","network_admin_token":"hush"}""";
        Assert.Equal((null, null), (Wire.Mutation<CreateNetwork>(Json).JoinToken, Wire.Mutation<CreateNetwork>(Json).AdminToken));
        var (first, second) = (Wire.Complete<CreateNetwork>(Json, Inputs), Wire.Complete<CreateNetwork>(Json, Inputs));
        Assert.True(_secret.Verify(first.JoinToken!.Value, "sesame"));
        Assert.True(_secret.Verify(first.AdminToken!.Value, "hush"));
        Assert.NotEqual(first.JoinToken.Value.Salt, second.JoinToken!.Value.Salt);

        var rule = Wire.Complete<SetJoinRule>("""{"type":"set_join_rule","network_id":3,"join_rule":"token","token":"sesame"}""", Inputs);
        Assert.True(_secret.Verify(rule.Token!.Value, "sesame"));
        Assert.Null(Wire.Complete<SetJoinRule>("""{"type":"set_join_rule","network_id":3,"join_rule":"open","token":"sesame"}""", Inputs).Token);
        Assert.Null(Wire.Complete<SetJoinRule>("""{"type":"set_join_rule","network_id":3,"join_rule":"token","token":""}""", Inputs).Token);

        var admin = Wire.Complete<SetNetworkAdminToken>("""{"type":"set_network_admin_token","network_id":3,"network_admin_token":"hush"}""", Inputs);
        Assert.True(_secret.Verify(admin.Token!.Value, "hush"));
        Assert.Null(Wire.Complete<SetNetworkAdminToken>("""{"type":"set_network_admin_token","network_id":3,"network_admin_token":""}""", Inputs).Token);
    }

    [Theory]
    [InlineData("create_network", "\"join_rule\":\"Open\",")]
    [InlineData("set_join_rule", "\"join_rule\":\"\",")]
    [InlineData("set_join_rule", "\"join_rule\":\"closed\",")]
    public void A_join_rule_that_is_none_travels_to_be_rejected(string type, string field)
    {
        var mutation = Wire.Mutation<Mutation>($$"""{"type":"{{type}}",{{field}}"node_id":1001,"network_id":3,"name":"ops"}""");
        Assert.Equal(default, mutation is CreateNetwork created ? created.JoinRule : ((SetJoinRule)mutation).JoinRule);
    }

    [Fact]
    public void A_join_token_becomes_a_proof_against_the_verifier_in_force()
    {
        JoinNetwork Join(string fields) => Wire.Complete<JoinNetwork>($$"""{"type":"join_network","node_id":1001{{fields}}}""", Inputs);
        Assert.Equal(new TokenProof(17, _sesame.Verifier.Mac), Join(",\"network_id\":3,\"token\":\"sesame\"").Proof);
        Assert.NotEqual(_sesame.Verifier.Mac, Join(",\"network_id\":3,\"token\":\"Sesame\"").Proof!.Mac);
        Assert.Null(Join(",\"network_id\":3,\"token\":\"\"").Proof);
        Assert.Null(Join(",\"network_id\":3").Proof);
        Assert.Null(Join(",\"network_id\":4,\"token\":\"sesame\"").Proof);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_key_that_is_none_gets_the_verdict(string key)
    {
        Assert.Equal(Code.KeyInvalid, Wire.Complete<RegisterNode>($$"""{"type":"register_node","public_key":"{{key}}"}""", Inputs).Verdict);
        Assert.Equal(Code.KeyInvalid, Wire.Complete<RotateNodeKey>(
            $$"""{"type":"rotate_node_key","node_id":1,"public_key":"{{key}}","new_key_proof":""}""", Inputs).Verdict);
    }

    [Fact]
    public void A_registration_brings_key_and_external_id()
    {
        using var key = NodeKey.FromSeed(new byte[32]);
        var registered = Wire.Complete<RegisterNode>($$"""{"type":"register_node","public_key":"{{key.PublicKey}}","external_id":"é"}""", Inputs);
        Assert.Equal(new RegisterNode(key.PublicKey, "é"), registered);
    }

    [Fact]
    public void Stock_words_are_taken_only_where_they_are_asked_for()
    {
        using var key = NodeKey.FromSeed(new byte[32]);
        var json = $$"""{"type":"register","public_key":"{{key.PublicKey}}","listen_addr":"10.0.0.1:4000","external_id":["ignored"],"signature":"x"}""";
        Assert.Equal(new RegisterNode(key.PublicKey), Wire.Mutation<RegisterNode>(json, stock: true));
        Assert.Equal(new LegacyChallenge(NodeId.Nobody, $"register:10.0.0.1:4000:{key.PublicKey}"), Wire.Read(json, stock: true).Command.Challenge);
        Assert.Equal($"register::{key.PublicKey}", Wire.Read(json.Replace("listen_addr", "other"), stock: true).Command.Challenge!.Value.Text);
        Assert.Equal(new DeregisterNode(Alice), Wire.Mutation<DeregisterNode>("""{"type":"deregister","node_id":1001}""", stock: true));
        Assert.Equal(Code.UnknownCommand, Wire.Refuse(json).Code);
        Assert.Null(Wire.Read($$"""{"type":"register_node","public_key":"{{key.PublicKey}}"}""").Command.Challenge);
    }

    [Fact]
    public void Who_is_needed_is_known_before_anybody_is_asked()
    {
        string[] admin =
        [
            "create_network", "set_external_id", "set_network_enterprise", "set_rbac_preassignments", "get_rbac_preassignments", "get_audit",
            "cluster_status", "cluster_add", "cluster_remove", "cluster_transfer", "snapshot_read",
        ];
        string[] open =
        [
            "list_networks", "get_network", "list_nodes", "get_member_role", "get_member_tags", "get_network_policy", "get_expr_policy",
            "get_node", "status", "watch",
        ];
        foreach (var type in RequestParser.Types)
        {
            var expected = admin.Contains(type) ? Credential.Admin : open.Contains(type) ? Credential.None : Credential.Any;
            Assert.Equal((type, expected), (type, Wire.Read(CommandTable.Request(type)).Command.Credential));
        }

        Assert.Equal(Credential.Admin, Wire.Read("""{"type":"list_nodes","network_id":0}""").Command.Credential);
    }

    [Fact]
    public void The_network_that_a_command_names_is_known()
    {
        foreach (var (type, fields) in CommandTable.Commands)
        {
            var names = fields.Any(field => field.Name == "network_id");
            Assert.Equal((type, names ? new NetworkId(7) : null), (type, Wire.Read(CommandTable.Request(type)).Command.Network));
        }
    }
}
