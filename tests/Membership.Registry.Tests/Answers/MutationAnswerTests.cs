namespace Membership.Registry.Tests.Answers;

public sealed class MutationAnswerTests : IDisposable
{
    private const string Rules = "{\"links\":3,\"cycle\":\"24h\",\"prune\":1,\"fill\":2,\"prune_by\":\"age\",\"fill_how\":\"random\",\"grace\":\"0\"}";
    private const string Policy = "{ \"version\":1, \"rules\":[1.50,\"é\"] }";

    private readonly World _world = new World().WithNodes(4);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Nodes()
    {
        var key = World.KeyOf(5);
        Answers("{\"type\":\"register_node_ok\",\"revision\":5,\"node_id\":5,\"existing\":false}", $$"""{"type":"register_node","public_key":"{{key}}"}""");
        Answers("{\"type\":\"register_node_ok\",\"revision\":6,\"node_id\":5,\"existing\":true}", $$"""{"type":"register_node","public_key":"{{key}}"}""");
        Answers(
            "{\"type\":\"set_external_id_ok\",\"revision\":7,\"node_id\":5,\"external_id\":\"Ä\\\"\"}",
            """{"type":"set_external_id","node_id":5,"external_id":"Ä\""}""");
        Answers(
            "{\"type\":\"set_task_exec_ok\",\"revision\":8,\"node_id\":5,\"task_exec\":true}", """{"type":"set_task_exec","node_id":5,"enabled":true}""");
        Answers("{\"type\":\"deregister_node_ok\",\"revision\":9,\"node_id\":5,\"existing\":true}", """{"type":"deregister_node","node_id":5}""");
        Answers("{\"type\":\"deregister_node_ok\",\"revision\":10,\"node_id\":5,\"existing\":false}", """{"type":"deregister_node","node_id":5}""");
    }

    [Fact]
    public void A_rotated_key()
    {
        using var key = Membership.Protocol.Signing.NodeKey.FromSeed(new byte[32]);
        var proof = key.SignText($"rotate_node_key:alpha:4:{key.PublicKey}");
        Answers(
            "{\"type\":\"rotate_node_key_ok\",\"revision\":5,\"node_id\":4,\"key_version\":2}",
            $$"""{"type":"rotate_node_key","node_id":4,"public_key":"{{key.PublicKey}}","new_key_proof":"{{proof}}"}""");
    }

    [Fact]
    public void Stock_words()
    {
        var key = World.KeyOf(5);
        Assert.Equal(
            $"{{\"type\":\"register_ok\",\"revision\":5,\"node_id\":5,\"network_id\":0,\"address\":\"0:0000.0000.0005\",\"public_key\":\"{key}\"}}",
            _world.Change($$"""{"type":"register","public_key":"{{key}}","listen_addr":":1"}""", stock: true));
        Assert.Equal(
            "{\"type\":\"deregister_ok\",\"revision\":6,\"node_id\":5,\"existing\":true}",
            _world.Change("""{"type":"deregister","node_id":5}""", stock: true));
    }

    [Fact]
    public void Networks()
    {
        Answers(
            "{\"type\":\"create_network_ok\",\"revision\":5,\"network_id\":1,\"name\":\"ops\",\"enterprise\":true,\"managed\":true}",
            $$"""{"type":"create_network","node_id":1,"name":"ops","enterprise":true,"rules":{{Rules}}}""");
        Answers(
            "{\"type\":\"create_network_ok\",\"revision\":6,\"network_id\":2,\"name\":\"dev\",\"enterprise\":false}",
            """{"type":"create_network","node_id":1,"name":"dev"}""");
        Answers("{\"type\":\"rename_network_ok\",\"revision\":7,\"network_id\":2,\"name\":\"qa\"}", """{"type":"rename_network","network_id":2,"name":"qa"}""");
        Answers(
            "{\"type\":\"set_network_enterprise_ok\",\"revision\":8,\"network_id\":2,\"enterprise\":true}",
            """{"type":"set_network_enterprise","network_id":2,"enterprise":true}""");
        Answers(
            "{\"type\":\"set_join_rule_ok\",\"revision\":9,\"network_id\":2,\"join_rule\":\"token\"}",
            """{"type":"set_join_rule","network_id":2,"join_rule":"token","token":"sesame"}""");
        Answers(
            "{\"type\":\"set_network_admin_token_ok\",\"revision\":10,\"network_id\":2}",
            """{"type":"set_network_admin_token","network_id":2,"network_admin_token":"hush"}""");
        Answers("{\"type\":\"set_expr_policy_ok\",\"revision\":11,\"network_id\":2}", $$"""{"type":"set_expr_policy","network_id":2,"expr_policy":{{Policy}}}""");
        Answers(
            "{\"type\":\"set_expr_policy_ok\",\"revision\":12,\"network_id\":2,\"cleared\":true}",
            """{"type":"set_expr_policy","network_id":2,"expr_policy":null}""");
        Answers(
            "{\"type\":\"set_rbac_preassignments_ok\",\"revision\":13,\"network_id\":2,\"count\":1}",
            """{"type":"set_rbac_preassignments","network_id":2,"roles":[{"external_id":"x","role":"admin"}]}""");
        Answers("{\"type\":\"delete_network_ok\",\"revision\":14,\"network_id\":2}", """{"type":"delete_network","network_id":2}""");
    }

    [Fact]
    public void A_policy_is_told_whole_from_the_present_state()
    {
        _world.Change("""{"type":"create_network","node_id":1,"name":"ops","enterprise":true}""");
        const string First = """{"type":"set_network_policy","network_id":1,"max_members":9}""";
        var outcome = _world.Apply(First, Actor.Admin());
        Assert.Equal(
            "{\"type\":\"set_network_policy_ok\",\"revision\":6,\"network_id\":1,\"max_members\":9,\"allowed_ports\":[],\"description\":\"\"}",
            _world.Answer(First, outcome));
        Answers(
            "{\"type\":\"set_network_policy_ok\",\"revision\":7,\"network_id\":1,\"max_members\":9,\"allowed_ports\":[443,80],\"description\":\"é\"}",
            """{"type":"set_network_policy","network_id":1,"allowed_ports":[443,80,443],"description":"é"}""");

        Assert.Contains("[443,80]", _world.Answer(First, outcome), StringComparison.Ordinal);
        Assert.Contains("[443,80]", _world.Answer(First, outcome, node: 1), StringComparison.Ordinal);
        Assert.Equal("{\"type\":\"set_network_policy_ok\",\"revision\":6,\"network_id\":1}", _world.Answer(First, outcome, node: 2));
        _world.Change("""{"type":"delete_network","network_id":1}""");
        Assert.Equal("{\"type\":\"set_network_policy_ok\",\"revision\":6,\"network_id\":1}", _world.Answer(First, outcome));
    }

    [Fact]
    public void Members()
    {
        _world.Change("""{"type":"create_network","node_id":1,"name":"ops","enterprise":true}""");
        Answers(
            "{\"type\":\"join_network_ok\",\"revision\":6,\"network_id\":1,\"address\":\"1:0001.0000.0002\",\"role\":\"member\"}",
            """{"type":"join_network","node_id":2,"network_id":1}""");
        Answers(
            "{\"type\":\"promote_member_ok\",\"revision\":7,\"network_id\":1,\"target_node_id\":2,\"role\":\"admin\"}",
            """{"type":"promote_member","network_id":1,"target_node_id":2}""");
        Answers(
            "{\"type\":\"demote_member_ok\",\"revision\":8,\"network_id\":1,\"target_node_id\":2,\"role\":\"member\"}",
            """{"type":"demote_member","network_id":1,"target_node_id":2}""");
        Answers(
            "{\"type\":\"transfer_ownership_ok\",\"revision\":9,\"network_id\":1,\"old_owner\":1,\"new_owner\":2}",
            """{"type":"transfer_ownership","network_id":1,"new_owner_id":2}""");
        Answers(
            "{\"type\":\"set_member_tags_ok\",\"revision\":10,\"network_id\":1,\"target_node_id\":2,\"tags\":[\"b\",\"a\"]}",
            """{"type":"set_member_tags","network_id":1,"target_node_id":2,"tags":["b","a","b"]}""");
        Answers(
            "{\"type\":\"set_member_tags_ok\",\"revision\":11,\"network_id\":1,\"target_node_id\":2,\"tags\":[]}",
            """{"type":"set_member_tags","network_id":1,"target_node_id":2,"tags":[]}""");
        Answers(
            "{\"type\":\"kick_member_ok\",\"revision\":12,\"network_id\":1,\"target_node_id\":1}", """{"type":"kick_member","network_id":1,"target_node_id":1}""");
        _world.Change("""{"type":"set_network_enterprise","network_id":1,"enterprise":false}""");
        Answers("{\"type\":\"leave_network_ok\",\"revision\":14,\"network_id\":1}", """{"type":"leave_network","node_id":2,"network_id":1}""");
    }

    [Fact]
    public void Invites()
    {
        _world.Change($$"""{"type":"create_network","node_id":1,"name":"ops","enterprise":true,"join_rule":"invite","rules":{{Rules}},"expr_policy":{{Policy}}}""");
        const string Invite = """{"type":"invite_to_network","network_id":1,"inviter_id":1,"target_node_id":2}""";
        Answers("{\"type\":\"invite_to_network_ok\",\"revision\":6,\"network_id\":1,\"target_node_id\":2}", Invite);
        Answers("{\"type\":\"invite_to_network_ok\",\"revision\":7,\"network_id\":1,\"target_node_id\":2,\"status\":\"already_invited\"}", Invite);
        Answers("{\"type\":\"revoke_invite_ok\",\"revision\":8,\"network_id\":1,\"target_node_id\":2}", """{"type":"revoke_invite","network_id":1,"target_node_id":2}""");
        _world.Change(Invite);
        Assert.Equal(
            "{\"type\":\"respond_invite_ok\",\"revision\":10,\"network_id\":1,\"accepted\":false}",
            _world.Change("""{"type":"respond_invite","node_id":2,"network_id":1,"accept":false}""", node: 2));
        _world.Change(Invite);
        const string Accept = """{"type":"respond_invite","node_id":2,"network_id":1,"accept":true}""";
        var outcome = _world.Apply(Accept, Actor.ForNode(new(2)));
        const string Admitted = "{\"type\":\"respond_invite_ok\",\"revision\":12,\"network_id\":1,\"address\":\"1:0001.0000.0002\",\"role\":\"member\"";
        Assert.Equal($"{Admitted},\"rules\":{Rules},\"expr_policy\":{Policy},\"accepted\":true}}", _world.Answer(Accept, outcome, node: 2));

        _world.Change("""{"type":"kick_member","network_id":1,"target_node_id":2}""");
        Assert.Equal($"{Admitted},\"accepted\":true}}", _world.Answer(Accept, outcome, node: 2));
    }

    [Fact]
    public void What_is_rejected_says_its_code_and_nothing_else()
    {
        Answers("{\"type\":\"error\",\"error\":\"network not found\",\"code\":\"network_not_found\"}", """{"type":"delete_network","network_id":7}""");
        Answers("{\"type\":\"error\",\"error\":\"public key invalid\",\"code\":\"key_invalid\"}", """{"type":"register_node","public_key":"?"}""");
        var unknown = _world.Answer(
            """{"type":"delete_network","network_id":7,"request_id":"000000000000000A000000000000000b"}""", new(Code.OutcomeUnknown, 0));
        Assert.Equal(
            "{\"type\":\"error\",\"error\":\"outcome unknown, repeat with the same request id\",\"code\":\"outcome_unknown\",\"request_id\":\"000000000000000a000000000000000b\"}",
            unknown);
    }

    [Fact]
    public void No_success_has_a_key_error() =>
        Assert.DoesNotContain("\"error\"", _world.Change("""{"type":"create_network","node_id":1,"name":"error"}""").Replace(":\"error\"", ""), StringComparison.Ordinal);

    private void Answers(string expected, string request) => Assert.Equal(expected, _world.Change(request));
}
