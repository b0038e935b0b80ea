namespace Membership.Replication.Configuration;

/// <summary>
/// One change at a time. Who asks for the change that is under way waits for that one. A change whose callers have all given up may still be
/// in the log, so its turn lasts until it has really ended.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ChangeTurn
{
    private readonly Lock _sync = new();
    private Turn? _present;

    /// <summary>Runs a change, or waits for the same one that is under way.</summary>
    /// <param name="change">Which one, by its value.</param>
    /// <param name="run">Begins it; the token says that nobody waits for it any more.</param>
    /// <param name="token">Gives up waiting.</param>
    /// <exception cref="ClusterChangeException">Another one is under way.</exception>
    public async Task RunAsync(ClusterChange change, Func<CancellationToken, Task> run, CancellationToken token)
    {
        while (true)
        {
            var turn = Enter(change, run);
            try
            {
                await turn.Running.WaitAsync(token);
                return;
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested && turn.Abandoned.IsCancellationRequested)
            {
                // It was given up by those who came before: begin anew.
            }
            finally
            {
                Leave(turn);
            }
        }
    }

    private Turn Enter(ClusterChange change, Func<CancellationToken, Task> run)
    {
        lock (_sync)
        {
            if (_present is { Running.IsCompleted: false } present)
            {
                if (present.Change != change) throw new ClusterChangeException(Code.ChangeInProgress, "Another change of the cluster is under way.");
                present.Waiting++;
                return present;
            }

            var abandoned = new CancellationTokenSource();
            return _present = new(change, Task.Run(() => run(abandoned.Token), CancellationToken.None), abandoned);
        }
    }

    private void Leave(Turn turn)
    {
        lock (_sync)
        {
            if (--turn.Waiting > 0) return;
        }

        turn.Abandoned.Cancel();
        // Whoever gave up hears no more of it.
        _ = turn.Running.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private sealed class Turn(ClusterChange change, Task running, CancellationTokenSource abandoned)
    {
        public ClusterChange Change => change;

        public Task Running => running;

        public CancellationTokenSource Abandoned => abandoned;

        public int Waiting { get; set; } = 1;
    }
}
