using Membership.Replication.Proposals;
using Xunit;

namespace Membership.Cluster.Tests.Proposals;

/// <summary>When those who were answered have their turn, and how long anybody waits for that.</summary>
public sealed class DeliveryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Who_waits_goes_on_when_the_turn_of_the_last_has_begun()
    {
        var delivery = new Delivery();
        var waiting = delivery.WaitAsync(Long, CancellationToken.None);
        delivery.Add();
        delivery.Add();
        delivery.TurnBegan();
        delivery.TurnBegan();
        Assert.False(waiting.IsCompleted);
        delivery.Add();
        delivery.Close();
        Assert.False(waiting.IsCompleted);
        delivery.TurnBegan();
        await waiting.WaitAsync(Long);
        Assert.True(delivery.WaitAsync(Long, CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Nobody_waits_long_for_one_whose_turn_does_not_come()
    {
        var delivery = new Delivery();
        delivery.Add();
        delivery.Close();
        await delivery.WaitAsync(Delivery.LimitOf(Long), CancellationToken.None);
        var waiting = delivery.WaitAsync(Long, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        delivery.TurnBegan();
        await waiting;
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(20, 20)]
    [InlineData(60_000, 20)]
    public void The_limit_is_the_time_that_the_answers_took_within_bounds(int takenMs, int limitMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(limitMs), Delivery.LimitOf(TimeSpan.FromMilliseconds(takenMs)));

    [Fact]
    public async Task Waiting_ends_without_a_word_when_it_is_given_up()
    {
        using var givesUp = new CancellationTokenSource();
        var waiting = new Delivery().WaitAsync(Long, givesUp.Token);
        Assert.False(waiting.IsCompleted);
        await givesUp.CancelAsync();
        await waiting.WaitAsync(Long / 2);
    }
}
