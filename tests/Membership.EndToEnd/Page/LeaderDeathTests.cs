using Membership.EndToEnd.Running;
using Membership.Tests;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Membership.EndToEnd.Page;

/// <summary>A leader dies before the eyes of an operator, who looks at the page of a replica that lives.</summary>
[Collection(RunningCluster.Name)]
public sealed class LeaderDeathTests(RunningCluster cluster, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private const string Name = "gateways-west";

    [BrowserFact]
    public async Task Shows_a_leader_die_another_one_lead_and_the_first_return()
    {
        var network = await PrepareAsync();
        var (leader, page) = await OpenAtFollowerAsync();
        await using var opened = page;
        await page["input[name=search]"].FillAsync(Name);
        await page["#network-list > li:only-child summary"].ClickAsync();

        await cluster.KillAsync(leader);
        var dead = page[$"#replicas > [data-key={leader}]"];
        await Expect(dead.Locator(".badge")).ToHaveTextAsync("unreachable");
        await Expect(page[".news"]).ToContainTextAsync($"Replica {leader} is unreachable.");
        await Expect(page[$"#replicas > [data-role=leader]:not([data-key={leader}])"]).ToHaveCountAsync(1);
        var next = await page["#replicas > [data-role=leader] h3 > span:first-child"].TextContentAsync();
        await Expect(page[".news"]).ToContainTextAsync($"Replica {next} leads now, in term");
        await Expect(page["#leadership"]).ToContainTextAsync($"{next} leads in term");

        // The survivors go on, and the page with them.
        var joined = await cluster.JoinAsync(network);
        await Expect(page[$"#network-list tr[data-key='{joined.Id.Value}']"]).ToBeVisibleAsync();
        await page.Page.ScreenshotAsync(new() { Path = PageBrowser.Kept("page-without-leader.png"), FullPage = true });

        cluster.StartAgain(leader);
        await Expect(page[".news"]).ToContainTextAsync($"Replica {leader} is back, as follower.");
        await Expect(dead.Locator("[data-figure=digest]")).ToContainTextAsync("✓ same");
        await Expect(dead.Locator("[data-figure=health]")).ToHaveTextAsync("well");
        Assert.Empty(page.Faults);
        await KeepPictureAsync(page);
    }

    [BrowserFact]
    public async Task Says_so_when_its_own_replica_dies_and_goes_on_when_it_is_back()
    {
        var (network, _) = await cluster.CreateAsync();
        await using var page = await browser.OpenAsync(cluster.PageOf("b"));
        await page["input[name=search]"].FillAsync((await cluster.Client.GetNetworkAsync(network)).Require().Name);
        await page["#network-list > li:only-child summary"].ClickAsync();
        await cluster.KillAsync("b");
        await Expect(page["#link"]).ToContainTextAsync("does not answer; what is shown is old");
        var missed = await cluster.JoinAsync(network);
        cluster.StartAgain("b");
        await Expect(page["#link"]).ToHaveTextAsync("Live");
        await Expect(page[$"#network-list tr[data-key='{missed.Id.Value}']"]).ToBeVisibleAsync();
        await Expect(page["#event-list > li"].Filter(new() { HasText = "network.joined" }).Filter(new() { HasText = $"node_id {missed.Id.Value} " })).ToHaveCountAsync(1);
    }

    private async Task<NetworkId> PrepareAsync()
    {
        var (closed, inviter) = await cluster.CreateAsync(JoinRule.Invite);
        var (network, owner) = await cluster.CreateAsync();
        foreach (var node in new[] { await cluster.JoinAsync(network), await cluster.JoinAsync(network) })
            (await cluster.Client.InviteToNetworkAsync(closed, inviter.Id, node.Id)).Require();
        (await cluster.Client.SetMemberTagsAsync(network, owner.Id, ["eu-west", "gateway"])).Require();
        (await cluster.Client.SetNetworkPolicyAsync(network, new() { MaxMembers = 50, AllowedPorts = [22, 443], Description = "Gateways of the west" })).Require();
        (await cluster.Client.RenameNetworkAsync(network, Name)).Require();
        (await cluster.Client.RenameNetworkAsync(closed, "field-teams")).Require();
        return network;
    }

    // Not at the one whose page demands a token: the test of that is another one.
    private async Task<(string Leader, OpenedPage Page)> OpenAtFollowerAsync()
    {
        var page = await browser.OpenAsync(cluster.PageOf("a"));
        var leads = page["#replicas > [data-role=leader] h3 > span:first-child"];
        await Expect(leads).ToHaveCountAsync(1);
        var leader = (await leads.TextContentAsync())!;
        if (leader != "a") return (leader, page);
        await page.DisposeAsync();
        return (leader, await browser.OpenAsync(cluster.PageOf("b")));
    }

    // The one in the repository shows what a newcomer will see; an author renews it.
    private static async Task KeepPictureAsync(OpenedPage page)
    {
        await page.Page.ScreenshotAsync(new() { Path = PageBrowser.Kept("page.png"), FullPage = true });
        if (!SourceTree.IsRewriting) return;
        await page["input[name=search]"].FillAsync("");
        await Expect(page["#network-list > li"]).ToHaveCountAsync(3);
        await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(SourceTree.Root, "samples", "RegistryReplica", "page.png"),
            FullPage = true,
            Clip = new() { Width = 1100, Height = 1480 },
            Animations = ScreenshotAnimations.Disabled,
        });
    }
}
