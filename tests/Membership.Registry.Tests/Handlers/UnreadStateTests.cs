using System.Reflection;
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
}
