using System.Diagnostics;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

/// <summary>One replica of three: what can be read is read, and what cannot be done is told in time.</summary>
[Collection(OwnReplicas.Name)]
public sealed class NoLeaderTests
{
    [Fact]
    public async Task Stale_reads_go_on_and_a_change_of_the_cluster_ends_in_its_time()
    {
        await using var replicas = new OwnReplicas("a", "b", "c");
        replicas.StartAll("alone", "--bootstrap");
        await replicas.AgreeAsync(3);
        (await replicas.RunAsync("node", "register", "--public-key", Convert.ToBase64String(new byte[32].Select((_, i) => (byte)i).ToArray()))).Succeeded();
        await replicas.AgreeAsync(3);
        await replicas.KillAllAsync();
        replicas.Start("a", "alone", replicas.Ids);

        var file = Path.Combine(replicas.Folder, "audit");
        var exported = await Wait.ForAsync(
            () => replicas.RunAsync("audit", "--to", file, "--yes", "--consistency", "stale"), run => run.ExitCode == ExitCode.Ok, "the trail of one replica");
        Assert.Equal("1", exported.Value("records"));

        foreach (var words in new[] { "cluster transfer-leader", "cluster remove c --yes" })
        {
            var since = Stopwatch.StartNew();
            (await replicas.RunAsync([.. words.Split(' '), "--timeout", "2s"])).Failed(ExitCode.Unavailable, "unavailable");
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
    }
}
