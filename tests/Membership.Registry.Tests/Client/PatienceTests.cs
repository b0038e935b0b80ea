using Membership.Client;

namespace Membership.Registry.Tests.Client;

/// <summary>How long a request is waited for: to the moment, and without a timer of its own.</summary>
public sealed class PatienceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly Deadlines _usual;

    public PatienceTests() => _usual = new(Limit, _time);

    [Fact]
    public void Each_request_ends_when_its_own_time_is_over()
    {
        var all = new List<Patience>();
        for (var i = 0; i < 5; i++)
        {
            all.Add(Patience.Begin(Limit, _usual, default));
            _time.MoveOn(Second);
        }

        // Those that are answered leave the line, wherever they stand in it.
        all[0].Dispose();
        all[2].Dispose();
        all[4].Dispose();
        _time.MoveOn(Limit - 4 * Second - TimeSpan.FromMilliseconds(1));
        Assert.Equal((false, false), (all[1].IsOver, all[3].IsOver));
        _time.MoveOn(TimeSpan.FromMilliseconds(1));
        Assert.Equal((true, false), (all[1].IsOver, all[3].IsOver));
        _time.MoveOn(2 * Second - TimeSpan.FromMilliseconds(1));
        Assert.False(all[3].IsOver);
        _time.MoveOn(TimeSpan.FromMilliseconds(1));
        Assert.True(all[3].IsOver);
        Assert.True(all[3].Token.IsCancellationRequested);
    }

    [Fact]
    public void Requests_that_are_answered_in_time_do_not_touch_the_timer()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Patience.Begin(Limit, _usual, default).Dispose();
            _time.MoveOn(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(1, _time.TimesSet);
        _time.MoveOn(2 * Limit);
        Assert.Equal(1, _time.TimesSet);
        using var late = Patience.Begin(Limit, _usual, default);
        _time.MoveOn(Limit);
        Assert.True(late.IsOver);
    }

    [Fact]
    public async Task An_answer_that_is_waited_for_is_given_up_with_the_time_and_with_the_caller()
    {
        using var caller = new CancellationTokenSource();
        using var timed = Patience.Begin(Limit, _usual, default);
        using var called = Patience.Begin(Limit, _usual, caller.Token);
        using var unusual = Patience.Begin(Second, _usual, default);
        var pending = new[] { timed, called, unusual }.Select(patience =>
        {
            var answer = new PendingAnswer("join_network");
            patience.WaitFor(answer);
            return answer;
        }).ToList();
        Assert.All(pending, answer => Assert.False(answer.Task.IsCompleted));
        await caller.CancelAsync();
        Assert.Equal(Attempt.Lost, await pending[1].Task.WaitAsync(Limit));
        _time.MoveOn(Second);
        Assert.Equal(Attempt.Lost, await pending[2].Task.WaitAsync(Limit));
        Assert.False(pending[0].Task.IsCompleted);
        _time.MoveOn(Limit);
        Assert.Equal(Attempt.Lost, await pending[0].Task.WaitAsync(Limit));

        // Over is over: what is sent afterwards is given up at once.
        var late = new PendingAnswer("join_network");
        timed.WaitFor(late);
        Assert.Equal(Attempt.Lost, await late.Task.WaitAsync(Limit));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Whoever_hears_that_it_is_over_finds_it_over(int seconds)
    {
        using var patience = Patience.Begin(TimeSpan.FromSeconds(seconds), _usual, default);
        bool? isOver = null;
        using var heard = patience.Token.Register(() => isOver = patience.IsOver);
        _time.MoveOn(Limit);
        Assert.True(SpinWait.SpinUntil(() => isOver is not null, Limit));
        Assert.True(isOver);
    }

    [Fact]
    public void A_watchdog_bites_when_one_turn_takes_too_long_and_not_when_many_take_their_time()
    {
        var (gate, bites) = (new Lock(), 0);
        using var watchdog = new Watchdog(Limit, _time, gate, () => bites++);
        for (var i = 0; i < 10; i++)
        {
            lock (gate) watchdog.Begin();
            _time.MoveOn(Limit - Second);
        }

        lock (gate) watchdog.Rest();
        _time.MoveOn(3 * Limit);
        Assert.Equal(0, bites);
        lock (gate) watchdog.Begin();
        _time.MoveOn(Limit - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, bites);
        _time.MoveOn(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, bites);
    }
}
