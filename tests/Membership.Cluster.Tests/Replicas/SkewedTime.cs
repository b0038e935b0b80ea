namespace Membership.Cluster.Tests.Replicas;

/// <summary>The system's time, wrong by as much as one likes.</summary>
internal sealed class SkewedTime : TimeProvider
{
    private long _offsetMs;

    public TimeSpan Offset
    {
        get => TimeSpan.FromMilliseconds(Interlocked.Read(ref _offsetMs));
        set => Interlocked.Exchange(ref _offsetMs, (long)value.TotalMilliseconds);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
