using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Page;

/// <summary>What is served to whom, seen without a browser.</summary>
[Collection(RunningCluster.Name)]
public sealed class PageServingTests(RunningCluster cluster) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { Timeout = Limit };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Nothing_from_elsewhere_runs_and_nobody_else_may_embed_or_keep_it()
    {
        using var answer = await _http.GetAsync(cluster.PageOf("a"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        foreach (var name in new[] { "", "page.css", "page.js", "rows.js", "cluster.js", "networks.js", "records.js" })
        {
            var text = await _http.GetStringAsync(new Uri(cluster.PageOf("a"), name));
            Assert.DoesNotMatch("https?://", text);
            Assert.DoesNotMatch("innerHTML|insertAdjacentHTML|document\\.write|eval\\(", text);
        }
    }

    [Fact]
    public async Task A_page_elsewhere_whose_name_leads_here_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(cluster.PageOf("a"), "api/networks")) { Headers = { Host = "evil.example" } };
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_page_that_demands_a_token_shows_nothing_without_one()
    {
        foreach (var path in new[] { "", "api/networks", "api/feed" })
        {
            var address = new Uri(cluster.PageOf(RunningCluster.Guarded), path);
            foreach (var password in new[] { null, "", "another token" })
            {
                using var refused = await AskAsync(address, password);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                Assert.Equal("", await refused.Content.ReadAsStringAsync());
            }

            using var answer = await AskAsync(address, RunningCluster.AdminToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Only_reading_is_served()
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, new Uri(cluster.PageOf("a"), "api/networks"));
            using var answer = await _http.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_list_is_served_in_pages_that_make_the_whole()
    {
        const int nodes = 25;
        var (network, owner) = await cluster.CreateAsync();
        var (closed, inviter) = await cluster.CreateAsync(JoinRule.Invite);
        List<uint> expected = [owner.Id.Value];
        for (var i = 0; i < nodes; i++)
        {
            var node = await cluster.JoinAsync(network);
            (await cluster.Client.InviteToNetworkAsync(closed, inviter.Id, node.Id)).Require();
            expected.Add(node.Id.Value);
        }

        await Wait.ForAsync(() => GetAsync("api/networks/" + network.Value), seen => seen.GetProperty("members").GetInt32() == expected.Count, "all members");
        var members = await ReadAllAsync($"api/networks/{network.Value}/members?limit=10", "after");
        Assert.Equal(expected, members.Select(member => member.GetProperty("node").GetUInt32()));
        await Wait.ForAsync(() => GetAsync($"api/invites?network={closed.Value}"), seen => seen.GetProperty("items").GetArrayLength() == nodes, "all invites");
        var invites = await ReadAllAsync("api/invites?limit=10", "after");
        Assert.Equal(nodes, invites.Count(invite => invite.GetProperty("network").GetUInt16() == closed.Value));
        Assert.Equal(invites.Count, invites.Select(invite => invite.GetRawText()).Distinct().Count());
        var all = await ReadAllAsync("api/networks/0/members?limit=10", "after");
        Assert.Superset(expected.ToHashSet(), all.Select(node => node.GetProperty("node").GetUInt32()).ToHashSet());
        var networks = (await ReadAllAsync("api/networks?limit=2", "after")).Select(one => one.GetProperty("id").GetUInt16()).ToList();
        Assert.Equal(networks.Order(), networks);
        Assert.Superset(new HashSet<ushort> { 0, network.Value, closed.Value }, networks.ToHashSet());
        var audit = await ReadAllAsync($"api/audit?limit=10&network={network.Value}", "before");
        Assert.Equal(expected.Count, audit.Count);
        Assert.Equal(audit.Select(record => record.GetProperty("revision").GetUInt64()).OrderDescending(), audit.Select(record => record.GetProperty("revision").GetUInt64()));
    }

    [Fact]
    public async Task A_listener_that_comes_again_hears_what_it_missed_and_nothing_twice()
    {
        var (network, _) = await cluster.CreateAsync();
        var first = await HearAsync(null, network, "network.created");
        var member = await cluster.JoinAsync(network);
        var next = await HearAsync(first.Last, network, "network.joined");
        Assert.DoesNotContain(next.Heard, one => one.GetProperty("revision").GetUInt64() <= first.Last);
        Assert.Equal(member.Id.Value, next.Heard[^1].GetProperty("attributes").GetProperty("node_id").GetUInt32());
    }

    [Fact]
    public async Task A_listener_that_is_far_behind_hears_what_was_left_out_and_goes_on_with_the_last_events()
    {
        const int events = 600;
        var node = await cluster.RegisterAsync();
        foreach (var turn in Enumerable.Range(0, events).Chunk(64))
        {
            var done = await Task.WhenAll(turn.Select(i => cluster.Client.SetExternalIdAsync(node.Id, $"of {i}")));
            foreach (var outcome in done) outcome.Require();
        }

        await Wait.ForAsync(() => GetAsync($"api/audit?node={node.Id.Value}&limit=200"), seen => IsComplete(seen.GetProperty("items")), "all events");
        var heard = await ListenAsync(0, items => items is [_, ..]);
        Assert.Equal("gone", heard[0].EventType);
        var gone = Parse(heard[0].Data);
        Assert.Equal(1UL, gone.GetProperty("from").GetUInt64());
        var last = gone.GetProperty("to").GetUInt64();
        Assert.Equal($"{last}", heard[0].EventId);
        heard = await ListenAsync(last, items => items is [_, ..]);
        Assert.Equal(last + 1, Parse(heard[0].Data).GetProperty("events")[0].GetProperty("revision").GetUInt64());

        // The replica that serves the page may follow a little behind.
        static bool IsComplete(JsonElement records) =>
            records.EnumerateArray().Any(record => record.GetProperty("attributes").TryGetProperty("external_id", out var id) && id.GetString() == $"of {events - 1}");
    }

    private async Task<(ulong Last, List<JsonElement> Heard)> HearAsync(ulong? last, NetworkId network, string action)
    {
        List<JsonElement> heard = [];
        var items = await ListenAsync(last, items =>
        {
            heard.AddRange(items[^1].EventType == "events" ? Parse(items[^1].Data).GetProperty("events").EnumerateArray() : []);
            return heard.Exists(one => one.GetProperty("action").GetString() == action
                && one.GetProperty("attributes").GetProperty("network_id").GetUInt16() == network.Value);
        });
        return (ulong.Parse(items[^1].EventId!, CultureInfo.InvariantCulture), heard);
    }

    // All but what is said of the cluster each second.
    private async Task<List<SseItem<string>>> ListenAsync(ulong? last, Predicate<List<SseItem<string>>> isEnough)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(cluster.PageOf("a"), "api/feed"));
        if (last is { } seen) request.Headers.Add("Last-Event-ID", $"{seen}");
        using var limit = new CancellationTokenSource(Limit);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        await using var stream = await answer.Content.ReadAsStreamAsync(limit.Token);
        List<SseItem<string>> items = [];
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            if (item.EventType == "cluster") continue;
            items.Add(item);
            if (isEnough(items)) return items;
        }

        throw new InvalidOperationException("The feed ended.");
    }

    private async Task<List<JsonElement>> ReadAllAsync(string path, string cursor)
    {
        List<JsonElement> items = [];
        string? after = null;
        do
        {
            var page = await GetAsync(after is null ? path : $"{path}&{cursor}={after}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, 10);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            var next = page.GetProperty("next");
            after = next.ValueKind == JsonValueKind.Null ? null : next.ToString();
        }
        while (after is not null);
        return items;
    }

    private async Task<JsonElement> GetAsync(string path) => Parse(await _http.GetStringAsync(new Uri(cluster.PageOf("a"), path)));

    private async Task<HttpResponseMessage> AskAsync(Uri address, string? password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (password is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{password}")));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
