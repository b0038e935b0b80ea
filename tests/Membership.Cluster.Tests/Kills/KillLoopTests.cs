using System.Globalization;
using ThreeNodeCluster;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Kills;

/// <summary>
/// SIGKILL to one, two or all three processes under load, again and again: what was acknowledged is there, once, and the replicas end
/// with equal digests.
/// </summary>
/// <remarks>A longer run: <c>MEMBERSHIP_KILLS</c>, the acknowledgements before each (<c>MEMBERSHIP_BETWEEN_KILLS</c>), <c>MEMBERSHIP_WORKERS</c>.</remarks>
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static int Kills => Number("MEMBERSHIP_KILLS", 15);

    private static int AcknowledgementsBetweenKills => Number("MEMBERSHIP_BETWEEN_KILLS", 300);

    private static int Workers => Number("MEMBERSHIP_WORKERS", 16);

    private static int Seed => Number("MEMBERSHIP_SEED", Random.Shared.Next());

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_applied_twice()
    {
        var seed = Seed;
        output.WriteLine($"seed {seed}; replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.Cluster.Tests --filter {nameof(KillLoopTests)}");
        var random = new Random(seed);
        await using var cluster = await ProcessCluster.StartAsync("kill-loop");
        await using var load = await Load.StartAsync(cluster, Workers);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await load.WaitForAcknowledgementsAsync(AcknowledgementsBetweenKills, Limit);
            var victims = cluster.Ids.OrderBy(_ => random.Next()).Take(1 + kill % 3).ToList();
            await Task.WhenAll(victims.Select(cluster.KillAsync));
            var before = load.Clock;

            // With one of three gone the others must go on; with two or all gone nobody can.
            if (victims.Count == 1) await load.WaitForAcknowledgementsAsync(AcknowledgementsBetweenKills, Limit);
            foreach (var victim in victims) cluster.Restart(victim);
            await load.WaitForAcknowledgementsAsync(1, Limit);
            output.WriteLine($"kill {kill}: {string.Join(", ", victims)}; acknowledging again after {(load.FirstAcknowledgementAfter(before) - before).TotalMilliseconds:F0} ms");
        }

        await load.WaitForAcknowledgementsAsync(AcknowledgementsBetweenKills, Limit);
        await load.StopAsync();
        output.WriteLine($"{load.AcknowledgedCount} acknowledged, {cluster.Client.RetryCount} sent again");
        Assert.Empty(load.Violations);
        var digests = await cluster.WaitForEqualDigestsAsync(Limit);
        Assert.Single(digests.Distinct());
        Assert.Equal(3, digests.Count);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
