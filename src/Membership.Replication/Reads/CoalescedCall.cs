using Membership.Replication.Proposals;

namespace Membership.Replication.Reads;

/// <summary>
/// One call for all who wait for it. Whoever comes while a call is under way waits for the next one: the answer of a call that had begun
/// before says nothing about what happened since.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="limit">How long anybody waits for an answer.</param>
/// <param name="stop">Ends every call.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class CoalescedCall<T>(Func<CancellationToken, ValueTask<T>> call, TimeSpan limit, CancellationToken stop)
{
    private readonly Lock _sync = new();
    private List<Caller> _waiting = [];
    private List<Caller> _served = [];
    private bool _isRunning;

    /// <summary>The answer of a call that began after this one.</summary>
    /// <param name="asksAgain">
    /// The caller is in this process, and likely to ask again as soon as it has the answer: the next call waits until its turn has come.
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
            var delivery = new Delivery();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            end.CancelAfter(_served[0].Deadline.Left);
            try
            {
                var answer = await call(end.Token);
                foreach (var caller in _served) caller.Answer(answer, null, delivery);
            }
            catch (OperationCanceledException e) when (end.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                EndInTime(e, delivery);
            }
            catch (Exception e)
            {
                foreach (var caller in _served) caller.Answer(default, e, delivery);
            }

            _served.Clear();
            delivery.Close();

            // What they ask next is for the next call, all of it.
            await delivery.Begun;
        }
    }

    private bool TakeWaiting()
    {
        lock (_sync)
        {
            (_waiting, _served) = (_served, _waiting);
            return _isRunning = _served.Count > 0;
        }
    }

    // The time of the one that came first is over; those that came later have some left.
    private void EndInTime(OperationCanceledException failure, Delivery delivery)
    {
        var left = _served.FindAll(caller => !caller.EndsInTime(failure, delivery));
        lock (_sync) _waiting.InsertRange(0, left);
    }

    // Who asks again is the pool's work item. Of the others the pool takes the last one first: a server that answers in order then finds all
    // answers behind the first one's.
    private sealed class Caller(Deadline deadline, bool asksAgain)
        : TaskCompletionSource<T>(asksAgain ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously), IThreadPoolWorkItem
    {
        private CancellationTokenRegistration _giveUp;
        private Delivery? _delivery;
        private Exception? _failure;
        private T? _answer;

        public Deadline Deadline => deadline;

        public void GiveUpWith(CancellationToken token)
        {
            if (token.CanBeCanceled) _giveUp = token.UnsafeRegister(static (self, token) => ((Caller)self!).TrySetCanceled(token), this);
        }

        public bool EndsInTime(OperationCanceledException failure, Delivery delivery)
        {
            if (!deadline.IsOver) return false;
            Answer(default, failure, delivery);
            return true;
        }

        public void Answer(T? answer, Exception? failure, Delivery delivery)
        {
            (_answer, _failure) = (answer, failure);
            if (!asksAgain)
            {
                End();
                return;
            }

            _delivery = delivery;
            delivery.Add();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            _delivery!.Begin();
            End();
        }

        private void End()
        {
            _giveUp.Unregister();
            if (_failure is OperationCanceledException { CancellationToken: var token }) TrySetCanceled(token);
            else if (_failure is not null) TrySetException(_failure);
            else TrySetResult(_answer!);
        }
    }
}
