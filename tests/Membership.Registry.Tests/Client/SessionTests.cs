using System.Globalization;
using Membership.Client;

namespace Membership.Registry.Tests.Client;

/// <summary>The ids that a client gives out, and the floor that follows them.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Ids_share_the_client_half_and_rise()
    {
        var session = new ClientSession(42, outcomesKept: 0);
        var first = await session.BeginAsync(default);
        var second = await session.BeginAsync(default);
        Assert.Equal((new RequestId(42, 1), new RequestId(42, 2)), (first.Id, second.Id));
    }

    [Fact]
    public async Task The_floor_is_below_every_request_under_way()
    {
        var session = new ClientSession(42, outcomesKept: 0);
        var first = await session.BeginAsync(default);
        var second = await session.BeginAsync(default);
        Assert.Equal((null, null), (first.Settled, second.Settled));
        session.End(second.Id);
        Assert.Null((await session.BeginAsync(default)).Settled);
        session.End(first.Id);
        Assert.Equal(2ul, (await session.BeginAsync(default)).Settled);
    }

    [Fact]
    public async Task Outcomes_that_may_be_asked_for_again_are_not_settled()
    {
        var session = new ClientSession(42, outcomesKept: 2);
        var settled = new List<ulong?>();
        for (var i = 0; i < 5; i++)
        {
            var stamp = await session.BeginAsync(default);
            session.End(stamp.Id);
            settled.Add(stamp.Settled);
        }

        Assert.Equal([null, null, null, 1, 2], settled);
    }

    [Fact]
    public async Task A_request_that_is_repeated_holds_the_floor_again()
    {
        var session = new ClientSession(42, outcomesKept: 2);
        var first = await session.BeginAsync(default);
        session.End(first.Id);
        session.Reopen(first.Id);
        for (var i = 0; i < 10; i++) session.End((await session.BeginAsync(default)).Id);
        Assert.Null((await session.BeginAsync(default)).Settled);
    }

    [Fact]
    public async Task The_window_from_the_oldest_request_under_way_is_bounded()
    {
        var session = new ClientSession(42, outcomesKept: 0);
        var oldest = await session.BeginAsync(default);
        for (var i = 1; i < ClientSession.WindowMax; i++) session.End((await session.BeginAsync(default)).Id);
        var next = session.BeginAsync(default).AsTask();
        Assert.False(next.IsCompleted);
        session.End(oldest.Id);
        var stamp = await next.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((ClientSession.WindowMax + 1ul, (ulong)ClientSession.WindowMax), (stamp.Id.Sequence, stamp.Settled));
    }

    [Fact]
    public async Task Requests_say_what_is_settled_in_sixteen_digits_below_their_own()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok("\"network_id\":7"));
        await using var client = new MembershipClient(
            Clients.Options(replica) with { OutcomesKept = 0 }, ClientIdentity.Node(Clients.Alice, Clients.Key));
        for (var i = 0; i < 3; i++) await client.DeleteNetworkAsync(Clients.Ops);
        Assert.Equal([null, "0000000000000001", "0000000000000002"], replica.Requests.Select(r => r.Word("settled")));
        Assert.All(replica.Requests, r => Assert.Equal(r.Word("settled") is { } s ? ulong.Parse(s, NumberStyles.HexNumber, null) : null, r.Read().Settled));
    }

    [Fact]
    public async Task An_answered_request_is_repeated_with_the_same_bytes()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok("\"network_id\":7"));
        await using var client = Clients.Signing(replica);
        var first = await client.DeleteNetworkAsync(Clients.Ops);
        var again = await client.RepeatAsync(first);
        Assert.Equal((Code.Ok, first.RequestId), (again.Code, again.RequestId));
        Assert.Equal(replica.Requests[0].Text, replica.Requests[1].Text);
    }

    [Fact]
    public async Task A_token_request_is_not_repeated_when_its_session_may_be_gone_and_a_signed_one_is()
    {
        var time = new FastTime(1);
        await using var replica = ScriptedReplica.Start(
            r => r.Connection == 1 ? ScriptedReplica.Close : r.Ok("\"network_id\":7"));
        var options = Clients.Options(replica) with { TimeProvider = time };
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken("secret"));
        var plain = await client.DeleteNetworkAsync(Clients.Ops);
        var signed = await client.As(ClientIdentity.Node(Clients.Alice, Clients.Key)).DeleteNetworkAsync(Clients.Ops);
        time.MoveOn(MembershipClientOptions.RepeatLimit);
        var sent = replica.Requests.Count;
        Assert.IsType<Unknown<NetworkId>>(await client.RepeatAsync(plain));
        Assert.Equal(sent, replica.Requests.Count);
        Assert.Equal(Code.Ok, (await client.RepeatAsync(signed)).Code);
        Assert.Equal(sent + 1, replica.Requests.Count);
    }

    [Fact]
    public async Task Queries_and_other_clients_requests_are_not_repeated()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok(
            r.Type == "get_expr_policy" ? "\"network_id\":7,\"expr_policy\":{ \"version\":1}" : "\"network_id\":7"));
        await using var client = Clients.Signing(replica);
        await using var other = Clients.Signing(replica);
        var query = await client.GetExprPolicyAsync(Clients.Ops);
        Assert.Equal("{ \"version\":1}", query.Require().Document);
        await Assert.ThrowsAsync<ArgumentException>(() => client.RepeatAsync(query));
        var mutation = await client.DeleteNetworkAsync(Clients.Ops);
        await Assert.ThrowsAsync<ArgumentException>(() => other.RepeatAsync(mutation));
    }
}
