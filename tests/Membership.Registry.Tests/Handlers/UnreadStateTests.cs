using System.Reflection;
using System.Text.Json.Nodes;
using Membership.Events;
using Membership.Replication.Hosting;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>A state that nobody looks at is changed in place. Whoever writes by an admin token looks at none.</summary>
public sealed class UnreadStateTests
{
    // The store makes states to be read for so many entries after a look.
    private const int Entries = 100;

    private static readonly FieldInfo ReadableEntries =
        typeof(MembershipStore).GetField("_readableEntries", BindingFlags.Instance | BindingFlags.NonPublic)!;

    [Fact]
    public async Task A_mutation_with_an_admin_token_reads_no_state()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var owner = await client.RegisterAsync();
        for (var i = 0; i < Entries; i++) await client.CreateAsync(owner, ("join_rule", "token"), ("token", "t"));
        Assert.Equal(0, ReadableEntries.GetValue(host.Replica.Engine.Store));
        await client.SignedAsync(owner, "set_task_exec", ("node_id", owner.Id), ("enabled", true));
        Assert.NotEqual(0, ReadableEntries.GetValue(host.Replica.Engine.Store));
    }

    [Fact]
    public async Task Joining_reads_no_state_once_the_network_is_known_to_have_no_documents()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var (owner, member) = (await client.RegisterAsync(), await client.RegisterAsync());
        var network = await client.CreateAsync(owner);
        for (var i = 0; i < Entries; i++)
        {
            Ok(await client.AdminAsync("join_network", ("node_id", member.Id), ("network_id", network)));
            Ok(await client.AdminAsync("leave_network", ("node_id", member.Id), ("network_id", network)));
        }

        Assert.Equal(0, ReadableEntries.GetValue(host.Replica.Engine.Store));
    }

    [Fact]
    public async Task Who_joins_is_told_of_documents_that_came_after_the_network_was_known_to_have_none()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var (owner, member) = (await client.RegisterAsync(), await client.RegisterAsync());
        var network = await client.CreateAsync(owner);
        Assert.Null(await JoinedPolicyAsync());
        foreach (var policy in new[] { """{"version":1,"rules":[1]}""", null, """{"version":1,"rules":[2]}""" })
        {
            Ok(await client.AdminAsync("set_expr_policy", ("network_id", network), ("expr_policy", policy is null ? "" : JsonNode.Parse(policy))));
            Assert.Equal(policy, await JoinedPolicyAsync());
            Assert.Equal(policy, await JoinedPolicyAsync());
        }

        async Task<string?> JoinedPolicyAsync()
        {
            var joined = Ok(await client.AdminAsync("join_network", ("node_id", member.Id), ("network_id", network)));
            Ok(await client.AdminAsync("leave_network", ("node_id", member.Id), ("network_id", network)));
            return joined.Fields.TryGetProperty("expr_policy", out var policy) ? policy.GetRawText() : null;
        }
    }

    [Fact]
    public void What_changed_after_a_state_was_taken_is_not_learned_from_it()
    {
        var (plain, network) = (new PlainNetworks(), new NetworkId(70));
        plain.OnApplied([], revision: 5);
        var mark = plain.Mark;
        plain.OnApplied([new(6, 0, Actor.Admin(), "admin", null, new ExprPolicySet(network, 10))], revision: 6);
        plain.Learn(network, mark);
        Assert.False(plain.Contains(network, revision: 6));
        plain.Learn(network, plain.Mark);
        Assert.True(plain.Contains(network, revision: 6));
        Assert.False(plain.Contains(network, revision: 7));
        Assert.False(plain.Contains(new(71), revision: 6));
        mark = plain.Mark;
        plain.Forget();
        plain.Learn(network, mark);
        Assert.False(plain.Contains(network, revision: 6));
    }
}
