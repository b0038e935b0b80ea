namespace Membership.Replication.Leadership;

/// <summary>The leader's time within one leadership: the wall clock at its start, from then on the monotonic one.</summary>
/// <remarks>Source: command specification, 2.3. A wall clock that is set while a replica leads moves nothing.</remarks>
internal sealed class EpochClock(TimeProvider time)
{
    private readonly long _startMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Now, Unix ms.</summary>
    public long NowMs => _startMs + (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
