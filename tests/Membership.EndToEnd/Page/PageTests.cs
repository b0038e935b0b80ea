using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Membership.Client;
using Membership.EndToEnd.Running;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Membership.EndToEnd.Page;

/// <summary>What an operator sees and does.</summary>
[Collection(RunningCluster.Name)]
public sealed class PageTests(RunningCluster cluster, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private const string Markup = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">";

    [BrowserFact]
    public async Task Shows_replicas_with_their_figures()
    {
        await using var page = await browser.OpenAsync(cluster.PageOf("a"));
        await Expect(page["#replicas > li"]).ToHaveCountAsync(3);
        await Expect(page["#replicas [data-role=leader] .badge"]).ToHaveCountAsync(1);
        await Expect(page["#leadership"]).ToContainTextAsync("leads in term");
        await Expect(page["#replicas > [data-key=a] .here"]).ToHaveTextAsync("serves this page");
        foreach (var id in new[] { "a", "b", "c" })
        {
            var replica = page[$"#replicas > [data-key={id}]"];
            await Expect(replica.Locator("[data-figure=digest]")).ToContainTextAsync("✓ same");
            await Expect(replica.Locator("[data-figure=lag]")).ToHaveTextAsync("0");
            await Expect(replica.Locator("[data-figure=health]")).ToHaveTextAsync("well");
        }

        // The first replica that the tool asks writes a snapshot for it.
        (await cluster.RunAsync("snapshot save", cluster.NewPath())).Succeeded();
        await Expect(page["#replicas [data-figure=snapshot]"].Filter(new() { HasText = "s old, at index" })).Not.ToHaveCountAsync(0);
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task Shows_members_invites_and_events_as_they_come_and_markup_as_text()
    {
        await using var page = await browser.OpenAsync(cluster.PageOf("a"));
        var (network, owner) = await cluster.CreateAsync();
        var name = (await cluster.Client.GetNetworkAsync(network)).Require().Name;
        await page["input[name=search]"].FillAsync(name);
        var row = page[$"#network-list > [data-key='{network.Value}']"];
        await Expect(row.Locator(".facts")).ToContainTextAsync("1 member · enterprise");

        await row.Locator("summary").ClickAsync();
        await Expect(row.Locator($"tr[data-key='{owner.Id.Value}']")).ToContainTextAsync("owner");
        var member = await cluster.JoinAsync(network);
        (await cluster.Client.SetMemberTagsAsync(network, member.Id, ["eu-west", "gateway"])).Require();
        (await cluster.Client.SetNetworkPolicyAsync(network, new() { MaxMembers = 50, Description = Markup })).Require();
        await Expect(row.Locator($"tr[data-key='{member.Id.Value}'] .tag")).ToHaveTextAsync(["eu-west", "gateway"]);
        await Expect(row.Locator(".facts")).ToContainTextAsync("2 of 50 members");
        await Expect(row.Locator("meter[aria-label='Members used']")).ToHaveAttributeAsync("max", "50");
        await Expect(row.Locator(".about")).ToContainTextAsync(Markup);
        await Expect(page["#event-list > li:first-child"]).ToContainTextAsync(Markup);
        Assert.Equal(0, await page["main img, main script"].CountAsync());
        Assert.Equal($"{RunningCluster.ClusterId} – Membership", await page.Page.TitleAsync());

        var (closed, inviter) = await cluster.CreateAsync(JoinRule.Invite);
        (await cluster.Client.InviteToNetworkAsync(closed, inviter.Id, member.Id)).Require();
        await Expect(page[$"#invite-list > [data-key='{closed.Value}.{member.Id.Value}'] td:last-child"]).ToContainTextAsync("29 d");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task Finds_audit_records_by_network_node_action_actor_and_time()
    {
        var (network, owner) = await cluster.CreateAsync();
        var node = await cluster.JoinAsync(network);
        await using var page = await browser.OpenAsync(cluster.PageOf("b"));
        var records = page["#audit-list > li"];
        await SearchAsync(page, ("network", $"{network.Value}"));
        await Expect(records).ToHaveCountAsync(2);
        await Expect(records.First).ToContainTextAsync("network.joined by admin:");
        await SearchAsync(page, ("network", $"{network.Value}"), ("node", $"{owner.Id.Value}"));
        await Expect(records).ToContainTextAsync(["network.created"]);
        await SearchAsync(page, ("node", $"{node.Id.Value}"), ("action", "node.registered"));
        await Expect(records).ToHaveCountAsync(1);
        await SearchAsync(page, ("network", $"{network.Value}"), ("actor", $"node:{owner.Id.Value}"));
        await Expect(page["#audit-result"]).ToHaveTextAsync("0 records.");
        await SearchAsync(page, ("network", $"{network.Value}"), ("until", "2020-01-01T00:00"));
        await Expect(page["#audit-result"]).ToHaveTextAsync("0 records.");
        await SearchAsync(page, ("network", $"{network.Value}"), ("since", "2020-01-01T00:00"));
        await Expect(page["#audit-result"]).ToHaveTextAsync("2 records.");
        Assert.Empty(page.Faults);
    }

    [BrowserFact]
    public async Task Is_used_by_the_keyboard_alone()
    {
        var (network, _) = await cluster.CreateAsync();
        await using var page = await browser.OpenAsync(cluster.PageOf("a"));
        var keys = page.Page.Keyboard;
        await keys.PressAsync("Tab");
        await Expect(page[".skip"]).ToBeFocusedAsync();
        await Expect(page[".skip"]).ToBeInViewportAsync();
        await keys.PressAsync("Enter");
        await Expect(page["#cluster"]).ToBeFocusedAsync();

        // Behind the cluster, which has nothing to use, come the search and the networks.
        await keys.PressAsync("Tab");
        await Expect(page["input[name=search]"]).ToBeFocusedAsync();
        await keys.TypeAsync((await cluster.Client.GetNetworkAsync(network)).Require().Name);
        await Expect(page["#network-list > li"]).ToHaveCountAsync(1);
        await keys.PressAsync("Tab");
        await Expect(page["#network-list summary"]).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page["#network-list tbody tr"]).ToHaveCountAsync(1);

        // A list that is brought up to date leaves the focus where it is.
        await cluster.JoinAsync(network);
        await Expect(page["#network-list tbody tr"]).ToHaveCountAsync(2);
        await Expect(page["#network-list summary"]).ToBeFocusedAsync();

        await page["#pause"].FocusAsync();
        await keys.PressAsync("Space");
        await Expect(page["#pause"]).ToHaveAttributeAsync("aria-pressed", "true");
        var newest = await page["#event-list > li:first-child"].TextContentAsync();
        await cluster.JoinAsync(network);
        await Expect(page["#network-list tbody tr"]).ToHaveCountAsync(3);
        Assert.Equal(newest, await page["#event-list > li:first-child"].TextContentAsync());
        await keys.PressAsync("Space");
        await Expect(page["#event-list > li:first-child"]).ToContainTextAsync($"network_id {network.Value}");
    }

    [BrowserFact]
    public async Task Fits_a_phone_in_the_light_and_in_the_dark_and_is_accessible()
    {
        var (network, owner) = await cluster.CreateAsync();
        (await cluster.Client.SetMemberTagsAsync(network, owner.Id, [.. Enumerable.Range(0, 10).Select(i => $"{new string('w', 31)}{i}")])).Require();
        (await cluster.Client.SetNetworkPolicyAsync(network, new() { Description = new string('d', 256) })).Require();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 360, 1100 })
            {
                await using var page = await browser.OpenAsync(
                    cluster.PageOf("a"), new() { ViewportSize = new() { Width = width, Height = 740 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await page["input[name=search]"].FillAsync((await cluster.Client.GetNetworkAsync(network)).Require().Name);
                await page["#network-list > li:only-child summary"].ClickAsync();
                await Expect(page["#network-list .tag"]).ToHaveCountAsync(10);
                await Expect(page["#audit-result"]).ToContainTextAsync("record");
                Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
                var ground = await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
                Assert.Equal(scheme == ColorScheme.Dark ? "rgb(20, 23, 26)" : "rgb(246, 247, 248)", ground);
                var name = $"page-{width}-{scheme}.png".ToLowerInvariant();
                await page.Page.ScreenshotAsync(new() { Path = PageBrowser.Kept(name), FullPage = true });
                var found = await page.Page.RunAxe();
                Assert.True(found.Violations.Length == 0, $"{name}: {Describe(found.Violations)}");
            }
        }
    }

    private static async Task SearchAsync(OpenedPage page, params (string Field, string Value)[] words)
    {
        foreach (var field in new[] { "network", "node", "action", "actor", "since", "until" })
        {
            var value = words.FirstOrDefault(word => word.Field == field).Value ?? "";
            await page[$"#audit-search input[name={field}]"].FillAsync(value);
        }

        await page["#audit-search button"].ClickAsync();
    }

    private static string Describe(IEnumerable<AxeResultItem> violations) =>
        string.Join('\n', violations.Select(found => $"{found.Id}: {found.Help}: {string.Join(", ", found.Nodes.Select(node => node.Html))}"));
}
