using Membership.Client;

namespace Membership.Registry.Tests.Client;

/// <summary>What a client does when a replica does not simply answer: the same bytes again, and three outcomes at the end.</summary>
public sealed class RetryTests
{
    // Enough for a few attempts on a busy machine, and waited out by each test that has it.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    private const string Target = "\"network_id\":7,\"target_node_id\":5";

    [Fact]
    public async Task A_connection_that_breaks_after_sending_leads_to_the_same_bytes_again()
    {
        await using var replica = ScriptedReplica.Start(r => r.Connection <= 2 ? ScriptedReplica.Close : r.Ok(Target));
        await using var client = Clients.Signing(replica);
        var outcome = await client.KickMemberAsync(Clients.Ops, new(5));
        var done = Assert.IsType<Done<TargetOfNetwork>>(outcome);
        Assert.Equal((7ul, new TargetOfNetwork(Clients.Ops, new(5))), (done.Revision, done.Answer));
        Assert.Equal(3, replica.Requests.Count);
        Assert.Single(replica.Requests.Select(r => r.Text).Distinct());
        Assert.Equal(replica.Requests[0].Id, outcome.RequestId.ToString());
    }

    [Theory]
    [InlineData(Code.NotLeader)]
    [InlineData(Code.Unavailable)]
    [InlineData(Code.Overloaded)]
    [InlineData(Code.OutcomeUnknown)]
    public async Task One_that_cannot_serve_leads_to_another_with_the_same_bytes(Code code)
    {
        var asked = 0;
        string Answer(ScriptedRequest r) => Interlocked.Increment(ref asked) == 1 ? ScriptedRequest.Error(code) : r.Ok(Target);
        await using var one = ScriptedReplica.Start(Answer);
        await using var other = ScriptedReplica.Start(Answer);
        await using var client = Clients.Admin(one, other);
        var outcome = await client.KickMemberAsync(Clients.Ops, new(5));
        Assert.Equal(Code.Ok, outcome.Code);
        Assert.Equal(Assert.Single(one.Requests).Text, Assert.Single(other.Requests).Text);
    }

    [Fact]
    public async Task One_that_is_rate_limited_waits_and_asks_the_same_replica()
    {
        var asked = 0;
        string Answer(ScriptedRequest r) => Interlocked.Increment(ref asked) > 3 ? r.Ok(Target) : ScriptedRequest.Error(Code.RateLimited);
        await using var one = ScriptedReplica.Start(Answer);
        await using var other = ScriptedReplica.Start(Answer);
        await using var client = Clients.Signing(one, other);
        Assert.Equal(Code.Ok, (await client.KickMemberAsync(Clients.Ops, new(5))).Code);
        Assert.Equal([0, 4], new[] { one.Requests.Count, other.Requests.Count }.Order());
    }

    [Theory]
    [InlineData(Code.NotLeader)]
    [InlineData(Code.Unavailable)]
    [InlineData(Code.Overloaded)]
    [InlineData(Code.RateLimited)]
    public async Task What_stays_so_until_the_limit_is_rejected_and_may_be_retried(Code code)
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedRequest.Error(code));
        // The limit ends a pause, and never an attempt, whose outcome would be unknown.
        var options = Clients.Options(replica) with { BackOffMin = TimeSpan.FromSeconds(60), BackOffMax = TimeSpan.FromSeconds(60) };
        await using var client = new MembershipClient(options with { RequestLimit = Short }, ClientIdentity.AdminToken("secret"));
        var rejected = Assert.IsType<Rejected<TargetOfNetwork>>(await client.KickMemberAsync(Clients.Ops, new(5)));
        Assert.Equal((code, true), (rejected.Code, rejected.MayRetry));
        Assert.Single(replica.Requests);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_happened()
    {
        var gone = ScriptedReplica.Start(_ => ScriptedReplica.Close);
        var options = Clients.Options(gone);
        await gone.DisposeAsync();
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken("secret")).Within(Short);
        var rejected = Assert.IsType<Rejected<TargetOfNetwork>>(await client.KickMemberAsync(Clients.Ops, new(5)));
        Assert.Equal((Code.Unavailable, true), (rejected.Code, rejected.MayRetry));
    }

    [Fact]
    public async Task What_was_sent_and_never_answered_is_unknown()
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedReplica.Close);
        await using var client = Clients.Signing(replica).Within(Short);
        var unknown = Assert.IsType<Unknown<TargetOfNetwork>>(await client.KickMemberAsync(Clients.Ops, new(5)));
        Assert.Equal(replica.Requests[0].Id, unknown.RequestId.ToString());
        var thrown = Assert.Throws<MembershipRequestException>(() => unknown.Require());
        Assert.Equal((Code.OutcomeUnknown, false, unknown.RequestId), (thrown.Code, thrown.MayRetry, thrown.RequestId));
    }

    [Theory]
    [InlineData(Code.RequestExpired)]
    [InlineData(Code.RequestSettled)]
    [InlineData(Code.UnknownSigner)]
    [InlineData(Code.StaleCredential)]
    [InlineData(Code.TooManyUnsettled)]
    public async Task A_code_that_is_about_one_attempt_says_nothing_about_the_one_before(Code code)
    {
        await using var replica = ScriptedReplica.Start(r => r.Connection == 1 ? ScriptedReplica.Close : ScriptedRequest.Error(code));
        await using var client = Clients.Signing(replica);
        Assert.IsType<Unknown<TargetOfNetwork>>(await client.KickMemberAsync(Clients.Ops, new(5)));
        Assert.Equal(2, replica.Requests.Count);
    }

    [Fact]
    public async Task Overloaded_at_the_end_after_a_lost_answer_is_unknown()
    {
        await using var replica = ScriptedReplica.Start(
            r => r.Connection == 1 ? ScriptedReplica.Close : ScriptedRequest.Error(Code.Overloaded));
        await using var client = Clients.Signing(replica).Within(Short);
        Assert.IsType<Unknown<TargetOfNetwork>>(await client.KickMemberAsync(Clients.Ops, new(5)));
    }

    [Theory]
    [InlineData(Code.RequestExpired)]
    [InlineData(Code.StaleCredential)]
    [InlineData(Code.NameTaken)]
    public async Task The_same_codes_at_the_first_attempt_are_rejections(Code code)
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedRequest.Error(code));
        await using var client = Clients.Signing(replica);
        var rejected = Assert.IsType<Rejected<NetworkName>>(await client.RenameNetworkAsync(Clients.Ops, "dev"));
        Assert.Equal((code, false), (rejected.Code, rejected.MayRetry));
        Assert.Single(replica.Requests);
    }

    [Fact]
    public async Task A_stored_rejection_after_a_lost_answer_is_believed_with_its_code()
    {
        await using var replica = ScriptedReplica.Start(
            r => r.Connection == 1 ? ScriptedReplica.Close : ScriptedRequest.Error(Code.NameTaken));
        await using var client = Clients.Signing(replica);
        Assert.Equal(Code.NameTaken, Assert.IsType<Rejected<NetworkName>>(await client.RenameNetworkAsync(Clients.Ops, "dev")).Code);
    }

    [Fact]
    public async Task A_rejection_names_its_field_and_a_code_of_a_newer_replica()
    {
        await using var replica = ScriptedReplica.Start(r => r.Type == "rename_network"
            ? ScriptedRequest.Error(Code.InvalidArgument, ",\"field\":\"name\"")
            : """{"type":"error","error":"new","code":"brand_new"}""");
        await using var client = Clients.Signing(replica);
        var named = Assert.IsType<Rejected<NetworkName>>(await client.RenameNetworkAsync(Clients.Ops, "dev"));
        Assert.Equal((Code.InvalidArgument, "name"), (named.Code, named.Field));
        var newer = Assert.IsType<Rejected<NetworkId>>(await client.DeleteNetworkAsync(Clients.Ops));
        Assert.Equal((null, "brand_new", false), (newer.Code, newer.CodeName, newer.MayRetry));
    }

    [Fact]
    public async Task A_replica_that_makes_no_progress_is_left_for_another()
    {
        var asked = 0;
        string Answer(ScriptedRequest r) => Interlocked.Increment(ref asked) == 1 ? ScriptedReplica.Silence : r.Ok(Target);
        await using var one = ScriptedReplica.Start(Answer);
        await using var other = ScriptedReplica.Start(Answer);
        var options = Clients.Options(one, other) with { AnswerLimit = TimeSpan.FromMilliseconds(200) };
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken("secret"));
        Assert.Equal(Code.Ok, (await client.KickMemberAsync(Clients.Ops, new(5))).Code);
        Assert.Equal(Assert.Single(one.Requests).Text, Assert.Single(other.Requests).Text);
    }

    [Fact]
    public async Task An_answer_to_something_else_breaks_the_connection_and_is_not_believed()
    {
        await using var replica = ScriptedReplica.Start(r => r.Connection == 1 ? """{"type":"promote_member_ok","revision":6}""" : r.Ok(Target));
        await using var client = Clients.Signing(replica);
        Assert.Equal(7ul, Assert.IsType<Done<TargetOfNetwork>>(await client.KickMemberAsync(Clients.Ops, new(5))).Revision);
        Assert.Equal((2, 2), (replica.ConnectionCount, replica.Requests.Count));
    }

    [Fact]
    public async Task A_signed_request_is_over_after_its_window_however_long_the_limit()
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedReplica.Close);
        var options = Clients.Options(replica) with { RequestLimit = TimeSpan.FromHours(5), ConnectLimit = TimeSpan.FromHours(1), TimeProvider = new FastTime(200) };
        await using var client = new MembershipClient(options, ClientIdentity.Node(Clients.Alice, Clients.Key));
        var unknown = await client.KickMemberAsync(Clients.Ops, new(5)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.IsType<Unknown<TargetOfNetwork>>(unknown);
        Assert.Single(replica.Requests.Select(r => r.Text).Distinct());
    }

    [Fact]
    public async Task A_query_is_signed_anew_without_an_id_and_never_unknown()
    {
        await using var replica = ScriptedReplica.Start(_ => ScriptedReplica.Close);
        await using var client = Clients.Signing(replica).Within(Short);
        var rejected = Assert.IsType<Rejected<MemberRole>>(await client.GetMemberRoleAsync(Clients.Ops, new(5)));
        Assert.Equal(Code.Unavailable, rejected.Code);
        Assert.All(replica.Requests, r => Assert.Null(r.Id));
        Assert.True(replica.Requests.Count > 1);
    }

    [Fact]
    public async Task A_caller_who_has_enough_of_waiting_is_let_go()
    {
        using var cancel = new CancellationTokenSource();
        await using var replica = ScriptedReplica.Start(_ =>
        {
            cancel.Cancel();
            return ScriptedReplica.Silence;
        });
        await using var client = Clients.Signing(replica);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.KickMemberAsync(Clients.Ops, new(5), cancel.Token));
    }

    [Fact]
    public async Task What_is_under_way_when_the_client_is_disposed_is_unknown()
    {
        var isThere = new TaskCompletionSource();
        await using var replica = ScriptedReplica.Start(_ =>
        {
            isThere.TrySetResult();
            return ScriptedReplica.Silence;
        });
        var client = Clients.Signing(replica);
        var underWay = client.KickMemberAsync(Clients.Ops, new(5));
        await isThere.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.DisposeAsync();
        Assert.IsType<Unknown<TargetOfNetwork>>(await underWay);
    }

    [Fact]
    public async Task A_client_that_is_disposed_takes_no_request()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok(Target));
        var client = Clients.Signing(replica);
        var view = client.As(ClientIdentity.AdminToken("secret"));
        await view.DisposeAsync();
        Assert.Equal(Code.Ok, (await client.KickMemberAsync(Clients.Ops, new(5))).Code);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => view.KickMemberAsync(Clients.Ops, new(5)));
    }
}
