using System.Diagnostics;
using Membership.Replication.Proposals;

namespace Membership.Replication.Reads;

/// <summary>
/// One call for all who wait for it. Whoever comes while a call is under way waits for the next one: the answer of a call that had begun
/// before says nothing about what happened since.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="limit">How long a call takes at most, and how long anybody waits for an answer.</param>
/// <param name="stop">Ends the call under way, and each that begins later.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class CoalescedCall<T>(Func<CancellationToken, ValueTask<T>> call, TimeSpan limit, CancellationToken stop)
{
    private readonly Lock _sync = new();
    private List<Caller> _waiting = [];
    private List<Caller> _served = [];
    private bool _isRunning;

    /// <summary>The answer of a call that began after this one.</summary>
    /// <param name="asksAgain">
    /// The caller is in this process, and likely to ask again as soon as it has the answer: the next call waits a moment for its turn.
    /// </param>
    /// <param name="token">Gives up the waiting, not the call.</param>
    /// <exception cref="OperationCanceledException">There was no answer in time, or the waiting was given up.</exception>
    public Task<T> CallAsync(bool asksAgain, CancellationToken token)
    {
        var caller = new Caller(Deadline.After(limit), asksAgain);
        caller.GiveUpWith(token);
        lock (_sync)
        {
            _waiting.Add(caller);
            if (_isRunning) return caller.Task;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunAsync(), this, preferLocal: false);
        return caller.Task;
    }

    private async Task RunAsync()
    {
        while (TakeWaiting())
        {
            var began = Stopwatch.GetTimestamp();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            end.CancelAfter(limit);
            var answer = BeginAsync(end.Token);
            while (!answer.IsCompleted) await WaitOrEndDueAsync(answer);

            var delivery = new Delivery();
            foreach (var caller in _served) caller.End(answer, delivery);
            delivery.Close();
            _served.Clear();

            // What they ask next is for the next call.
            await delivery.WaitAsync(Delivery.LimitOf(Stopwatch.GetElapsedTime(began)), stop);
        }
    }

    // Whatever it throws is the answer.
    private async Task<T> BeginAsync(CancellationToken token) => await call(token);

    private bool TakeWaiting()
    {
        lock (_sync)
        {
            (_waiting, _served) = (_served, _waiting);
            _served.RemoveAll(static caller => caller.IsOver);
            return _isRunning = _served.Count > 0;
        }
    }

    // In the order of their coming, so the first one's time is over first. The call goes on for the others.
    private async Task WaitOrEndDueAsync(Task<T> answer)
    {
        var left = _served.Count > 0 ? _served[0].Deadline.Left : Timeout.InfiniteTimeSpan;
        await ((Task)answer).WaitAsync(left, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.IsCompleted || _served.Count == 0 || !_served[0].Deadline.IsOver) return;
        var dueCount = _served.FindIndex(static caller => !caller.Deadline.IsOver);
        if (dueCount < 0) dueCount = _served.Count;
        var late = Task.FromCanceled<T>(new CancellationToken(canceled: true));
        foreach (var caller in _served[..dueCount]) caller.End(late, null);
        _served.RemoveRange(0, dueCount);
    }

    // Who asks again is the pool's work item. Of the others the pool takes the last one first: a server that answers in order then finds all
    // answers behind the first one's.
    private sealed class Caller(Deadline deadline, bool asksAgain)
        : TaskCompletionSource<T>(asksAgain ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously), IThreadPoolWorkItem
    {
        private CancellationTokenRegistration _giveUp;
        private Delivery? _delivery;
        private Task<T>? _answer;
        private int _isOver;

        public Deadline Deadline => deadline;

        /// <summary>Whether it has an answer or gave up.</summary>
        public bool IsOver => Volatile.Read(ref _isOver) != 0;

        /// <summary>Before anybody else knows it.</summary>
        public void GiveUpWith(CancellationToken token)
        {
            if (!token.CanBeCanceled) return;
            _giveUp = token.UnsafeRegister(static (self, token) => ((Caller)self!).End(System.Threading.Tasks.Task.FromCanceled<T>(token), null), this);
        }

        /// <summary>Has it go on in the pool. Only the first time counts.</summary>
        public void End(Task<T> answer, Delivery? delivery)
        {
            if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
            _giveUp.Unregister();
            if (!asksAgain)
            {
                SetFromTask(answer);
                return;
            }

            delivery?.Add();
            (_answer, _delivery) = (answer, delivery);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            _delivery?.TurnBegan();
            SetFromTask(_answer!);
        }
    }
}
