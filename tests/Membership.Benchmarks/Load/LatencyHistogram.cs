using System.Numerics;

namespace Membership.Benchmarks.Load;

/// <summary>Latencies, kept in buckets that are at most 1/64 wide, from microseconds to minutes.</summary>
/// <remarks>Thread-safe while it is filled. One for all clients: a thousand of their own would not fit the processor's caches, and be measured, too.</remarks>
internal sealed class LatencyHistogram
{
    private const int BucketsPerOctave = 64;
    private const int Octaves = 21;
    private readonly int[] _counts = new int[BucketsPerOctave * (Octaves + 1)];

    public long Count => _counts.Sum(static count => (long)count);

    public void Add(TimeSpan latency)
    {
        Interlocked.Increment(ref _counts[BucketOf((long)latency.TotalMicroseconds)]);
    }

    /// <summary>The latency that so many of a hundred did not exceed, in ms; 0 when there are none.</summary>
    public double PercentileMs(double percent)
    {
        var rank = (long)Math.Ceiling(percent / 100 * Count);
        for (var i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0) return UpperMicrosecondsOf(i) / 1000.0;
        }

        return 0;
    }

    // Below 64 microseconds a bucket each; above, 64 to each doubling.
    private static int BucketOf(long microseconds)
    {
        if (microseconds < BucketsPerOctave) return (int)Math.Max(0, microseconds);
        var octave = BitOperations.Log2((ulong)microseconds) - BitOperations.Log2(BucketsPerOctave);
        if (octave >= Octaves) return BucketsPerOctave * (Octaves + 1) - 1;
        return BucketsPerOctave * (octave + 1) + (int)(microseconds >> octave) - BucketsPerOctave;
    }

    private static long UpperMicrosecondsOf(int bucket)
    {
        if (bucket < BucketsPerOctave) return bucket;
        var octave = bucket / BucketsPerOctave - 1;
        return (long)(bucket % BucketsPerOctave + BucketsPerOctave + 1) << octave;
    }
}
