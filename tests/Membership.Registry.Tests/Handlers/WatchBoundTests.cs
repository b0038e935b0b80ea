using System.Text;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Registry.Authentication;
using Membership.Registry.Handling;
using Membership.Replication;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>Where a replica holds no more events, an answer no more bytes, or a replica does not run any more.</summary>
public sealed class WatchBoundTests
{
    [Fact]
    public async Task What_the_ring_has_dropped_is_gone_and_the_answer_says_what_is_left()
    {
        await using var host = await ReplicaHost.StartAsync(configure: options => options.WatchEventsMax = 5);
        var client = host.Client();
        for (var i = 0; i < 9; i++) await client.RegisterAsync();
        var gone = Ok(await client.SendAsync(Request(from: 1)));
        Assert.True(gone.Flag("gone"));
        Assert.Equal((5UL, 9UL), (gone.Number("oldest"), gone.Revision));
        Assert.False(gone.Fields.TryGetProperty("events", out _));
        Assert.True(Ok(await client.SendAsync(Request(from: 4))).Flag("gone"));
        var held = Ok(await client.SendAsync(Request(from: 5)));
        Assert.Equal((5, 10UL), (held.Fields.GetProperty("events").GetArrayLength(), held.Number("next_revision")));

        // Who waits is told, too, when everything has gone by meanwhile.
        var polling = client.Handlers.HandleAsync(Encoding.UTF8.GetBytes(Request(from: 10, waitMs: 30_000, filter: ",\"network_id\":60000")), RequestSource.InProcess);
        for (var i = 0; i < 9; i++) await client.RegisterAsync();
        Assert.False(polling.IsCompleted);
        var network = await client.CreateAsync(await client.RegisterAsync());
        Assert.True(Ok(await client.SendAsync(Request(from: 10, filter: $",\"network_id\":{network}"))).Flag("gone"));
    }

    [Fact]
    public async Task A_page_that_fits_no_frame_is_cut_to_its_first_revision_and_a_revision_that_fits_none_is_as_good_as_gone()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var owner = await client.RegisterAsync();
        for (var i = 0; i < 9; i++) await client.CreateAsync(owner);
        await client.AdminAsync("deregister_node", ("node_id", owner.Id));
        await client.RegisterAsync();
        Assert.Equal((1, 2UL, false), await AskAsync(host, from: 1));
        Assert.Equal((1, 3UL, false), await AskAsync(host, from: 2));

        // The end of the node in nine networks is one revision of ten events.
        Assert.Equal((0, 12UL, true), await AskAsync(host, from: 11));
        Assert.Equal((1, 13UL, false), await AskAsync(host, from: 12));
    }

    [Fact]
    public async Task Who_waits_at_a_replica_that_stops_hears_that_it_is_unavailable()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var polling = client.Handlers.HandleAsync(Encoding.UTF8.GetBytes(Request(from: 1, waitMs: 30_000)), RequestSource.InProcess);
        Assert.False(polling.IsCompleted);
        await host.Replica.StopAsync();
        Assert.True(Answer.TryParse((await polling).Content, out var answer));
        Refused(Code.Unavailable, answer);
        Refused(Code.Unavailable, await client.SendAsync(Request(from: 1)));
    }

    [Fact]
    public async Task A_replica_whose_state_is_in_doubt_is_unavailable_and_says_how_it_is()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        await client.RegisterAsync();
        var polling = client.Handlers.HandleAsync(Encoding.UTF8.GetBytes(Request(from: 2, waitMs: 30_000)), RequestSource.InProcess);
        Assert.False(polling.IsCompleted);
        host.Replica.Engine.Fence.Close(new(DivergenceStage.Split, host.Replica.Status.AppliedIndex, default, default));
        Assert.True(Answer.TryParse((await polling).Content, out var answer));
        Refused(Code.Unavailable, answer);
        Refused(Code.Unavailable, await client.SendAsync(Request(from: 1)));
        Assert.Equal(1UL, Ok(await client.SendAsync("""{"type":"status"}""")).Revision);
    }

    private static string Request(int from, int waitMs = 0, string filter = "") =>
        $$"""{"type":"watch","from_revision":{{from}},"max":1000,"wait_ms":{{waitMs}},"admin_token":"{{AdminToken}}"{{filter}}}""";

    /// <summary>How many events fit, where to go on, and whether they are gone.</summary>
    private static async Task<(int Count, ulong Next, bool IsGone)> AskAsync(ReplicaHost host, int from)
    {
        var options = new RegistryOptions { AdminTokens = { AdminToken } };
        var authenticator = new Authenticator(host.Replica, options, new(options, host.Secret));
        var handler = new WatchHandler(host.Replica, options, new(host.Replica, options, authenticator, host.Time), host.Time);
        Assert.True(new RequestParser().TryParse(Encoding.UTF8.GetBytes(Request(from)), out var request, out _));
        using var writer = new AnswerWriter(bytesMax: 1024);
        await handler.HandleAsync(request, (Watch)request.Command, RequestSource.InProcess, writer, default);
        Assert.True(Answer.TryParse(writer.Json.ToArray(), out var answer));
        return Ok(answer).Flag("gone")
            ? (0, answer.Number("oldest")!.Value, true)
            : (answer.Fields.GetProperty("events").GetArrayLength(), answer.Number("next_revision")!.Value, false);
    }
}
