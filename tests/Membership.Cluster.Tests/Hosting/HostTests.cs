using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Hosting;

/// <summary>A replica within a host: told by its configuration, started, stopped.</summary>
public sealed class HostTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_leader_hands_over_as_its_host_begins_to_stop_while_clients_are_still_served()
    {
        await using var group = new ReplicaGroup(output, 3);
        var witness = new Witness();
        IHost BuildOf(string id)
        {
            var settings = ReplicaHosts.SettingsOf(group, id);
            settings["Membership:HandOverLimitMs"] = "20000";
            return ReplicaHosts.Build(settings, group.Log.For(id), services => services.AddSingleton<IHostedService>(
                provider => new StopWitness(provider.GetRequiredService<MembershipReplica>(), witness)));
        }

        var hosts = group.Addresses.Select(address => BuildOf(address.Id)).ToArray();
        try
        {
            await Task.WhenAll(hosts.Select(host => host.StartAsync()));
            var replicas = hosts.Select(host => host.Services.GetRequiredService<MembershipReplica>()).ToArray();
            await Wait.UntilAsync(() => replicas.All(replica => replica.Status.Leader is not null), "all to know a leader");
            Assert.True((await replicas[0].RegisterAsync()).IsOk);
            var index = Array.FindIndex(replicas, replica => replica.Status.Role == ReplicaRole.Leader);
            await hosts[index].StopAsync();

            // Whoever is stopped after the replica's leadership and before the replica sees it follow somebody else.
            Assert.Equal(ReplicaRole.Follower, witness.RoleAtStop);
            Assert.NotEqual(replicas[index].Status.ReplicaId, witness.LeaderAtStop);
            var name = group.Addresses[index].Id;
            Assert.Contains(group.Log.Lines, line => line.Contains($"{name} MembershipReplica Information: Gave leadership", StringComparison.Ordinal));
            var left = replicas.Where(replica => replica != replicas[index]).ToArray();
            Assert.True((await left[0].RegisterAsync()).IsOk);
            Assert.Equal(2, (await left[1].ReadAsync()).NodeCount);
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.StopAsync();
                host.Dispose();
            }
        }
    }

    [Fact]
    public async Task Wrong_options_are_all_named_with_what_they_are_and_should_be_before_anything_is_opened()
    {
        await using var group = new ReplicaGroup(output, 3);
        var settings = ReplicaHosts.SettingsOf(group, "r1");
        settings["Membership:ClusterId"] = "Not An Id";
        settings["Membership:ElectionTimeoutMinMs"] = "10";
        settings["Membership:SnapshotBytes"] = "7";
        settings["Membership:RaftListenEndPoint"] = "0.0.0.0:4711";
        settings.Remove("Membership:Replicas:2:Id");
        settings["Membership:Replicas:2:Id"] = "r2";
        using var host = ReplicaHosts.Build(settings);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        var failures = refused.Failures.ToArray();
        Assert.Contains("ClusterId is 'Not An Id': set it to 1 to 64 of a-z, 0-9 and '-'.", failures);
        Assert.Contains("ElectionTimeoutMinMs is 10: set it to 50 or more.", failures);
        Assert.Contains("SnapshotBytes is 7: set it to 65536 or more.", failures);
        Assert.Contains("Replicas is 'r1, r2, r2': set it to replicas with different ids.", failures);
        Assert.Contains(failures, failure => failure.StartsWith("RaftListenEndPoint is 0.0.0.0:4711: set it to a loopback address, or Tls", StringComparison.Ordinal));
        Assert.Equal(5, failures.Length);
        Assert.False(Directory.Exists(group.FolderOf("r1")));
    }

    [Fact]
    public async Task A_setting_that_cannot_be_read_or_is_none_is_named_with_its_path()
    {
        await using var group = new ReplicaGroup(output, 1);
        var settings = ReplicaHosts.SettingsOf(group, "r1");
        settings["Membership:QueueLengthMax"] = "many";
        settings["Membership:Bootsrap"] = "true";
        settings["Membership:Replicas:0:Raft"] = "nowhere";
        settings["Membership:Tls:CertificateFile"] = "/nowhere/certificate";
        settings["Membership:Tls:KeyFile"] = "/nowhere/key";
        settings["Membership:Tls:AuthorityFile"] = "/nowhere/authority";
        using var host = ReplicaHosts.Build(settings);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        var failures = refused.Failures.ToArray();
        Assert.Contains("Membership:QueueLengthMax is 'many': set it to a number.", failures);
        Assert.Contains("Membership:Replicas:0:Raft is 'nowhere': set it to host:port.", failures);
        Assert.Contains(failures, failure => failure.StartsWith("Membership:Bootsrap is no option: remove it, or correct it to one of ", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.StartsWith("Membership:Tls names a file that cannot be used: ", StringComparison.Ordinal));
        Assert.Equal(4, failures.Length);
    }

    [Fact]
    public async Task A_replica_that_starts_by_hand_hears_of_the_same_mistakes()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => (options.QueueLengthMax, options.ReadyLagMax) = (0, 0) };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => group.StartAsync("r1"));
        Assert.Equal("QueueLengthMax is 0: set it to 1 or more. ReadyLagMax is 0: set it to 1 or more.", refused.Message);
    }

    [Fact]
    public async Task Two_calls_set_options_of_one_replica()
    {
        await using var group = new ReplicaGroup(output, 1);
        using var host = ReplicaHosts.Build(
            ReplicaHosts.SettingsOf(group, "r1"), more: services => services.AddMembershipReplica(options => options.ReadyLagMax = 7));
        Assert.Equal(7, host.Services.GetRequiredService<MembershipReplica>().ReadyLagMax);
        Assert.Single(host.Services.GetServices<IHostedService>(), service => service.GetType().Name == "MembershipReplicaService");
    }

    private sealed class Witness
    {
        public ReplicaRole? RoleAtStop { get; set; }

        public string? LeaderAtStop { get; set; }
    }

    /// <summary>Registered behind the replica, so it is stopped before it, as an endpoint for clients is.</summary>
    private sealed class StopWitness(MembershipReplica replica, Witness witness) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            if (witness.RoleAtStop is null) (witness.RoleAtStop, witness.LeaderAtStop) = (replica.Status.Role, replica.Status.Leader);
            return Task.CompletedTask;
        }
    }
}
