using System.Collections.Immutable;
using Membership.Audit;
using Membership.Client;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Queries;

namespace Membership.Registry.Tests.Client;

/// <summary>Each method against the protocol's own reader of requests and writer of answers.</summary>
public sealed class CommandTests
{
    private static readonly NodeId Bob = new(5);
    private static readonly RuleSet Rules = new(3, new("24h", 86_400_000_000_000), 1, 2, PruneBy.Age, FillHow.Random, new("1h", 3_600_000_000_000));

    private static readonly StatusAnswer Status = new()
    {
        Cluster = "alpha",
        Replica = "a",
        Leader = null,
        Term = 2,
        CommitIndex = 3,
        AppliedIndex = 4,
        Revision = 5,
        Digest = "00ff",
        LagMs = 6,
        Version = 1,
    };

    [Fact]
    public async Task There_is_a_method_for_each_command_and_the_protocol_reads_what_it_sends()
    {
        await using var replica = ScriptedReplica.Start(r =>
        {
            r.Read();
            return ScriptedRequest.Error(Code.NameTaken);
        });
        await using var client = Clients.Signing(replica);
        await CallAllAsync(client);
        await client.As(ClientIdentity.NewKey(Clients.Key)).RegisterNodeAsync(Clients.Key.PublicKey);
        Assert.Equal(RequestParser.Types.Order(), replica.Requests.Select(r => r.Type).Distinct().Order());
        var parsed = replica.Requests.Select(r => r.Read()).ToList();
        Assert.All(parsed.Where(r => r.Command is MutationCommand), r => Assert.NotNull(r.RequestId));
        Assert.All(parsed.Where(r => r.Command is Query), r => Assert.Null(r.RequestId));
        Assert.All(parsed, r => Assert.True(r.Claims!.Envelope.Verify(Clients.Key.PublicKey)));
        Assert.All(parsed, r => Assert.Equal("alpha", r.Claims!.Cluster));
    }

    [Fact]
    public async Task A_token_goes_beside_the_command_and_shows_in_no_text()
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedRequest.Error(Code.NameTaken));
        foreach (var identity in new[] { ClientIdentity.AdminToken("sesame"), ClientIdentity.NetworkAdminToken("sesame") })
        {
            await using var client = new MembershipClient(Clients.Options(replica), identity);
            await client.RenameNetworkAsync(Clients.Ops, "dev");
            await client.GetNetworkAsync(Clients.Ops);
            Assert.DoesNotContain("sesame", identity.ToString(), StringComparison.Ordinal);
        }

        Assert.All(replica.Requests, r => Assert.Equal("sesame", r.Read().AdminToken));
    }

    [Fact]
    public async Task Nobody_and_a_new_key_ask_queries_without_a_credential()
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedRequest.Error(Code.NetworkNotFound));
        foreach (var identity in new[] { ClientIdentity.Anonymous, ClientIdentity.NewKey(Clients.Key) })
        {
            await using var client = new MembershipClient(Clients.Options(replica), identity);
            Assert.Equal(Code.NetworkNotFound, (await client.GetNetworkAsync(Clients.Ops)).Code);
        }

        Assert.All(replica.Requests.Select(r => r.Read()), r => Assert.Equal((null, null), (r.AdminToken, r.Claims)));
    }

    [Fact]
    public async Task A_rotation_proves_the_new_key()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok("\"node_id\":1001,\"key_version\":2"));
        await using var client = Clients.Signing(replica);
        using var next = NodeKey.FromSeed(Enumerable.Repeat((byte)9, 32).ToArray());
        Assert.Equal(new(Clients.Alice, 2), (await client.RotateNodeKeyAsync(Clients.Alice, next)).Require());
        var sent = Assert.Single(replica.Requests);
        Assert.Equal(next.PublicKey.ToString(), sent.Word("public_key"));
        Assert.True(SignedText.Verify(
            next.PublicKey, SignedText.RotateNodeKey("alpha", Clients.Alice, next.PublicKey.ToString()), sent.Word("new_key_proof")!));
    }

    [Fact]
    public async Task Documents_go_as_they_are_and_come_back_so()
    {
        const string Document = """{ "version": 1,  "rules":["ü"] }""";
        await using var replica = ScriptedReplica.Start(r => r.Type == "get_expr_policy"
            ? r.Ok($"\"network_id\":7,\"expr_policy\":{Document}")
            : r.Ok("\"network_id\":7,\"name\":\"ops\",\"enterprise\":true,\"managed\":true"));
        await using var client = Clients.Admin(replica);
        await client.CreateNetworkAsync(new() { Creator = Clients.Alice, Name = "ops", Rules = Rules, ExprPolicy = Document });
        var mutation = Assert.IsType<CreateNetwork>(Assert.IsType<MutationCommand>(replica.Requests[0].Read().Command).Mutation);
        Assert.Equal(Code.Ok, mutation.Verdict);
        Assert.Equal(Rules, mutation.Rules);
        Assert.Equal(Document, System.Text.Encoding.UTF8.GetString(mutation.ExprPolicy.Span));
        Assert.Equal(Document, (await client.GetExprPolicyAsync(Clients.Ops)).Require().Document);
        await client.SetExprPolicyAsync(Clients.Ops, "no JSON");
        Assert.Equal(Code.ExprPolicyInvalid, Assert.IsType<SetExprPolicy>(Assert.IsType<MutationCommand>(replica.Requests[2].Read().Command).Mutation).Verdict);
    }

    [Fact]
    public async Task What_the_protocol_writes_the_client_reads()
    {
        await using var replica = ScriptedReplica.Start(Answer);
        await using var client = Clients.Admin(replica);
        var network = (await client.GetNetworkAsync(Clients.Ops)).Require();
        Assert.Equal((Clients.Ops, "ops", JoinRule.Invite, true), (network.Network, network.Name, network.JoinRule, network.Enterprise));
        Assert.Equal((3u, 9u, "d"), (network.Members, network.MaxMembers, network.Description));
        Assert.Equal((Rules, true, DateTimeOffset.FromUnixTimeSeconds(1)), (network.Rules, network.HasExprPolicy, network.CreatedAt));
        var policy = (await client.GetNetworkPolicyAsync(Clients.Ops)).Require();
        Assert.Equal(new(Clients.Ops, new(9, [22, 443], "d")), policy);
        var node = (await client.GetNodeAsync(Bob)).Require();
        Assert.Equal((Bob, Clients.Key.PublicKey, 2u, "x"), (node.Node, node.PublicKey, node.KeyVersion, node.ExternalId));
        Assert.Equal(Clients.Ops, Assert.Single(node.Networks));
        var status = (await client.GetStatusAsync()).Require();
        Assert.Equal(Status, status);
        var record = Assert.Single((await client.GetAuditAsync()).Require().Records);
        Assert.Equal((1ul, 2ul, 3L, "node:5", "owner", "network.joined"), (record.Number, record.Revision, record.Time, record.Actor, record.ActorRole, record.Action));
        Assert.Equal((7ul, true), (record.Attributes["network_id"], record.Attributes["flag"]));
        Assert.Equal(new object[] { 1ul, 2ul }, Assert.IsType<ImmutableArray<object>>(record.Attributes["list"]));
        Assert.Equal("ff01", Convert.ToHexStringLower(record.Hash.Span));
    }

    [Fact]
    public async Task A_success_without_its_fields_is_not_made_up()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok());
        await using var client = Clients.Admin(replica);
        await Assert.ThrowsAsync<InvalidDataException>(() => client.DeleteNetworkAsync(Clients.Ops));
    }

    [Fact]
    public async Task Lists_are_gone_through_by_their_own_cursor()
    {
        await using var replica = ScriptedReplica.Start(r => (r.Type, r.Fields.TryGetProperty("after", out var after) ? after.GetRawText() : null) switch
        {
            ("poll_invites", null) => r.Ok("""
                "invites":[{"network_id":1,"inviter_id":2,"timestamp":3}],"next":1
                """),
            ("poll_invites", "1") => r.Ok("""
                "invites":[{"network_id":4,"inviter_id":5,"timestamp":6}]
                """),
            ("get_member_tags", null) => r.Ok("""
                "network_id":7,"members":{"9":["a","b"]},"next":"x"
                """),
            ("get_member_tags", "\"x\"") => r.Ok("""
                "network_id":7,"members":{}
                """),
            _ => ScriptedRequest.Error(Code.RoleRequired),
        });
        await using var client = Clients.Signing(replica);
        var invites = await Collect(client.EnumerateReceivedInvitesAsync(Clients.Alice));
        Assert.Equal(
            [new(new(1), new(2), DateTimeOffset.FromUnixTimeSeconds(3)), new(new(4), new(5), DateTimeOffset.FromUnixTimeSeconds(6))], invites);
        var tags = Assert.Single(await Collect(client.EnumerateMemberTagsAsync(Clients.Ops)));
        Assert.Equal((new NodeId(9), "a,b"), (tags.Target, string.Join(',', tags.Tags)));
        var thrown = await Assert.ThrowsAsync<MembershipRequestException>(() => Collect(client.EnumerateInvitesAsync(Clients.Ops)));
        Assert.Equal(Code.RoleRequired, thrown.Code);
        Assert.All(replica.Requests, r => Assert.Equal(ListOptions.LimitMax, r.Fields.GetProperty("limit").GetInt32()));
    }

    private static string Answer(ScriptedRequest sent)
    {
        var request = sent.Read();
        using var answer = new AnswerWriter();
        switch (request.Command)
        {
            case GetNetwork:
                answer.WriteNetwork(request, 1, new(Clients.Ops, "ops", JoinRule.Invite, true, 1999, 3, new(9, [], "d"), Rules, true));
                break;
            case GetNetworkPolicy:
                answer.WritePolicy(request, 1, Clients.Ops, new(9, [22, 443], "d"));
                break;
            case GetNode:
                answer.WriteNode(request, 1, new(Bob, Clients.Key.PublicKey, 2, true, 1000, [Clients.Ops], "x"));
                break;
            case GetStatus:
                answer.WriteStatus(request, Status);
                break;
            case GetAudit:
                answer.WriteAudit(request, 1, new([Record()], null, 2));
                break;
        }

        return System.Text.Encoding.UTF8.GetString(answer.Json.Span);
    }

    private static AuditEntry Record() => new()
    {
        Number = 1,
        Revision = 2,
        Time = 3,
        Actor = "node:5",
        ActorRole = "owner",
        RequestId = new(1, 2),
        Action = "network.joined",
        Attributes = new Dictionary<string, object> { ["network_id"] = 7ul, ["flag"] = true, ["list"] = new[] { 1ul, 2ul } },
        PreviousHash = ReadOnlyMemory<byte>.Empty,
        Hash = new byte[] { 0xff, 1 },
    };

    private static async Task CallAllAsync(MembershipClient client)
    {
        var (ops, alice) = (Clients.Ops, Clients.Alice);
        await client.DeregisterNodeAsync(alice);
        await client.RotateNodeKeyAsync(alice, Clients.Key);
        await client.SetExternalIdAsync(alice, "x@example");
        await client.SetTaskExecAsync(alice, true);
        await client.CreateNetworkAsync(new() { Creator = alice, Name = "ops", JoinToken = "t", AdminToken = "a" });
        await client.DeleteNetworkAsync(ops);
        await client.RenameNetworkAsync(ops, "dev");
        await client.SetNetworkEnterpriseAsync(ops, true);
        await client.SetJoinRuleAsync(ops, JoinRule.Token, "t");
        await client.SetNetworkAdminTokenAsync(ops, null);
        await client.SetNetworkPolicyAsync(ops, new() { MaxMembers = 3, AllowedPorts = [22], Description = "d" });
        await client.SetExprPolicyAsync(ops, null);
        await client.SetRbacPreassignmentsAsync(ops, [new("x", Role.Admin)]);
        await client.JoinNetworkAsync(alice, ops, "t");
        await client.LeaveNetworkAsync(alice, ops);
        await client.KickMemberAsync(ops, Bob);
        await client.PromoteMemberAsync(ops, Bob);
        await client.DemoteMemberAsync(ops, Bob);
        await client.TransferOwnershipAsync(ops, Bob);
        await client.SetMemberTagsAsync(ops, Bob, ["edge"]);
        await client.InviteToNetworkAsync(ops, alice, Bob);
        await client.RespondInviteAsync(alice, ops, accept: true);
        await client.RevokeInviteAsync(ops, Bob);
        var stale = new QueryOptions { Consistency = Consistency.Stale, MaxLagMs = 5, MinRevision = 6 };
        await client.ListNetworksAsync(new() { Limit = 5, Consistency = Consistency.Leader });
        await client.GetNetworkAsync(ops, stale);
        await client.ListNodesAsync(ops);
        await client.GetMemberRoleAsync(ops, Bob);
        await client.GetMemberTagsAsync(ops, Bob);
        await client.ListMemberTagsAsync(ops);
        await client.GetNetworkPolicyAsync(ops);
        await client.GetExprPolicyAsync(ops);
        await client.GetNodeAsync(Bob);
        await client.PollInvitesAsync(alice);
        await client.ListInvitesAsync(ops);
        await client.GetRbacPreassignmentsAsync(ops);
        await client.GetAuditAsync(new() { Network = ops, Node = Bob, Action = "network.joined", FromRevision = 3 });
        await client.GetStatusAsync();
        await Assert.ThrowsAsync<MembershipRequestException>(() => Collect(client.WatchAsync(5, new() { Network = ops, Node = Bob, Actions = ["network.joined"] })));
        await client.GetClusterStatusAsync();
        await client.AddReplicaAsync("d", "127.0.0.1:1", "127.0.0.1:2");
        await client.RemoveReplicaAsync("d");
        await client.TransferLeadershipAsync();
        await client.ReadSnapshotAsync(null, 0, 1024);
    }

    private static async Task<IReadOnlyList<T>> Collect<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items) all.Add(item);
        return all;
    }
}
