namespace Membership.Replication.Disk;

/// <summary>A disk that fails as a test wants it to: what stands between a log and its files.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DiskFaults
{
    private volatile Exception? _failure;
    private volatile TaskCompletionSource? _hang;

    /// <summary>No write ends until <see cref="Release"/>.</summary>
    public void Hang() => _hang = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes end again.</summary>
    public void Release() => Interlocked.Exchange(ref _hang, null)?.SetResult();

    /// <summary>Every write fails so from now on.</summary>
    public void Fail(Exception failure) => _failure = failure;

    /// <summary>For the log: before each write.</summary>
    public void BeforeWrite()
    {
        _hang?.Task.Wait();
        if (_failure is { } failure) throw failure;
    }
}
