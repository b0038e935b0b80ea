using System.Security.Cryptography;
using Membership.Cluster.Tests.Replicas;
using Membership.Cluster.Tests.Wire;
using Membership.Registry;
using Membership.Replication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Hosting;

/// <summary>A replica and its endpoint for clients within a host, both told by a configuration.</summary>
public sealed class RegistryHostTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Clients_are_served_as_the_configuration_says()
    {
        await using var group = new ReplicaGroup(output, 1);
        var secret = Path.GetTempFileName();
        await File.WriteAllBytesAsync(secret, RandomNumberGenerator.GetBytes(32));
        var settings = ReplicaHosts.SettingsOf(group, "r1");
        settings["Registry:EndPoint"] = "127.0.0.1:0";
        settings["Registry:SecretFile"] = secret;
        settings["Registry:AdminTokens:0"] = ServedGroup.AdminToken;
        using var host = ReplicaHosts.Build(settings, group.Log.For("r1"), AddRegistry(settings));
        await host.StartAsync();
        using (var client = await WireClient.ConnectAsync(host.Services.GetRequiredService<RegistryServer>().EndPoint, group.ClusterId))
        {
            var node = await client.RegisterAsync();
            Assert.Equal("create_network_ok", (await client.AskAsync(
                WireClient.Admin("create_network", ("node_id", node.Id), ("name", "hosted")))).GetProperty("type").GetString());
        }

        Assert.Equal(32, host.Services.GetRequiredService<IOptions<MembershipReplicaOptions>>().Value.SecretId!.Length);
        await host.StopAsync();
        File.Delete(secret);
    }

    [Fact]
    public async Task Wrong_settings_of_the_endpoint_keep_the_host_from_starting_anything()
    {
        await using var group = new ReplicaGroup(output, 1);
        var settings = ReplicaHosts.SettingsOf(group, "r1");
        settings["Registry:EndPoint"] = "everywhere";
        settings["Registry:Registration"] = "anyone";
        using var host = ReplicaHosts.Build(settings, group.Log.For("r1"), AddRegistry(settings));
        var refused = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());
        var failures = refused.InnerExceptions.Cast<OptionsValidationException>().SelectMany(exception => exception.Failures).ToArray();
        Assert.Equal(
            [
                "Registry:EndPoint is 'everywhere': set it to an IP address and a port such as 127.0.0.1:4711.",
                "Registry:Registration is 'anyone': set it to one of Admin, Proof.",
                "Registry:SecretFile is not set: set it to a file of 32 random bytes, the same on every replica.",
            ],
            failures.Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(group.FolderOf("r1")));
    }

    private static Action<IServiceCollection> AddRegistry(Dictionary<string, string?> settings) => services =>
        services.AddMembershipRegistry(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Registry"));
}
