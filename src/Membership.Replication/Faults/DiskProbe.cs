namespace Membership.Replication.Faults;

/// <summary>Whether the data folder can be written to now: asked by health checks, by writing a few bytes. Thread-safe.</summary>
internal sealed class DiskProbe(string file)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _sync = new();
    private Task _writing = Task.CompletedTask;

    /// <summary>What is wrong; null when it can be written to. Takes two seconds at most.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken token)
    {
        try
        {
            await Begin().WaitAsync(Limit, token);
            return null;
        }
        catch (TimeoutException)
        {
            return $"A few bytes could not be written to '{file}' within {Limit.TotalSeconds:0} s.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{file}' cannot be written: {e.Message}";
        }
    }

    // A disk that does not answer holds one thread and not one for each time that somebody asks.
    private Task Begin()
    {
        lock (_sync)
        {
            if (_writing.IsCompleted) _writing = Task.Run(Write);
            return _writing;
        }
    }

    private void Write()
    {
        File.WriteAllBytes(file, [1]);
        File.Delete(file);
    }
}
