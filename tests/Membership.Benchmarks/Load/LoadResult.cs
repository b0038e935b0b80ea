namespace Membership.Benchmarks.Load;

/// <summary>What one run of a load came to.</summary>
/// <param name="Done">Operations that succeeded within the run.</param>
/// <param name="Failed">Operations that did not succeed.</param>
/// <param name="PerSecond">Successes a second.</param>
/// <param name="P50Ms">The median latency of a success, in ms.</param>
/// <param name="P99Ms">The latency that 99 of 100 successes did not exceed, in ms.</param>
/// <param name="FirstFailure">What the first failure said; null for none.</param>
internal sealed record LoadResult(long Done, long Failed, double PerSecond, double P50Ms, double P99Ms, string? FirstFailure);
