using Membership.Replication.Proposals;
using Xunit;

namespace Membership.Cluster.Tests.Proposals;

/// <summary>When those who were answered have their turn, and how long anybody waits for that.</summary>
public sealed class DeliveryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task It_is_over_when_the_last_has_begun()
    {
        var delivery = new Delivery();
        delivery.Add();
        delivery.Add();
        delivery.Close();
        delivery.Begin();
        var last = Task.Run(async () =>
        {
            await Task.Yield();
            delivery.Begin();
        });
        await last;
        Assert.True(delivery.WaitAsync(Long, CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Nobody_waits_long_for_one_whose_turn_does_not_come()
    {
        var delivery = new Delivery();
        delivery.Add();
        delivery.Close();
        await delivery.WaitAsync(Long, CancellationToken.None).WaitAsync(Long);
        delivery.Begin();
        Assert.True(delivery.WaitAsync(Long, CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_ends_without_a_word_when_it_is_given_up()
    {
        var delivery = new Delivery();
        await delivery.WaitAsync(Long, new CancellationToken(canceled: true));
        delivery.Close();
    }
}
