namespace Membership.Registry.Tests.Handlers;

/// <summary>The system's time, ahead by as much as it was moved. Timers are the system's.</summary>
internal sealed class FakeTime : TimeProvider
{
    private long _aheadTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long UnixSeconds => GetUtcNow().ToUnixTimeSeconds();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public override long GetTimestamp() => TimeSpan.FromMilliseconds(Environment.TickCount64).Ticks + Interlocked.Read(ref _aheadTicks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    /// <summary>Makes it this second.</summary>
    public void Set(long unixSeconds) => Advance(DateTimeOffset.FromUnixTimeSeconds(unixSeconds) - GetUtcNow());
}
