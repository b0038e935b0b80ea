using DotNext.Net.Cluster.Consensus.Raft;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 3: the context of an entry stays at its index when another leader overwrites it.</summary>
public sealed class Fact03Tests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ListStateMachine machine = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fact03_Context_of_an_overwritten_proposal_comes_back_with_the_other_leaders_entry_unless_repaired(bool durable)
    {
        IPersistentState log = durable ? Logs.Durable(folder["log"], machine) : Logs.Stock(folder["log"], machine);
        await using var owned = (IAsyncDisposable)log;
        await log.InitializeAsync();
        await log.SetTermAsync(2);
        await log.AppendAsync(Logs.Entry(1, "mine") with { Context = "my proposal" });

        await log.FollowAsync(1, 2);
        await log.CommitAsync(1);
        await log.WaitForApplyAsync(1).AsTask().WaitAsync(Logs.Soon);

        Assert.Equal([new Applied(1, 2, "1@2", durable ? null : "my proposal")], machine.Content);
    }
}
