using Membership.Replication.Reads;
using Xunit;

namespace Membership.Cluster.Tests.Reads;

/// <summary>What of the package's rounds counts as a majority's word.</summary>
public sealed class ReadBarrierTests
{
    [Fact]
    public async Task A_round_that_lets_pass_at_once_confirms_nothing()
    {
        var rounds = 0;
        await ReadBarrier.ConfirmLeadershipAsync(RoundAsync, CancellationToken.None);
        Assert.Equal(3, rounds);

        ValueTask RoundAsync(CancellationToken token) => ++rounds < 3 ? ValueTask.CompletedTask : new(Task.Delay(10, token));
    }

    [Fact]
    public async Task A_round_that_fails_at_once_fails_the_read()
    {
        var failure = new InvalidOperationException("no leader");
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await ReadBarrier.ConfirmLeadershipAsync(_ => ValueTask.FromException(failure), CancellationToken.None)));
    }
}
