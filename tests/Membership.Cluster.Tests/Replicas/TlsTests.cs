using Membership.Replication;
using Membership.Replication.Peers;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class TlsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Three_replicas_agree_over_mutual_tls()
    {
        await using var group = new ReplicaGroup(output, 3);
        UseTls(group);
        await group.StartAllAsync();
        await group.LeaderAsync();
        var outcomes = await Task.WhenAll(group.Running.SelectMany(r => Enumerable.Range(0, 100).Select(_ => Task.Run(r.RegisterAsync))));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk, $"{outcome}"));
        await group.AgreeAsync(300);
    }

    [Fact]
    public async Task A_replica_with_a_certificate_of_another_authority_gets_nowhere()
    {
        await using var group = new ReplicaGroup(output, 3);
        UseTls(group);
        await Task.WhenAll(group.StartAsync("r1"), group.StartAsync("r2"));
        var leader = await group.LeaderAsync();
        UseTls(group);
        var stranger = await group.StartAsync("r3");
        await Wait.UntilAsync(
            () => group.Log.Lines.Any(line => line.Contains("RaftListener Warning: A connection", StringComparison.Ordinal)), "a refused connection");
        Assert.True((await leader.RegisterAsync()).IsOk);
        Assert.Null(stranger.Status.Leader);
        Assert.Equal(0UL, stranger.Status.Revision);
    }

    // With new authorities at each call.
    private static void UseTls(ReplicaGroup group)
    {
        var folder = group.FolderOf($"certificates-{Guid.NewGuid():N}");
        DevelopmentCertificates.Write(folder, group.Addresses.Select(address => address.Id), DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        group.Configure = options => options.Tls = ReplicaTls.FromPemFiles(
            Path.Combine(folder, DevelopmentCertificates.CertificateFile(options.ReplicaId)),
            Path.Combine(folder, DevelopmentCertificates.KeyFile(options.ReplicaId)),
            Path.Combine(folder, DevelopmentCertificates.AuthorityFile));
    }
}
