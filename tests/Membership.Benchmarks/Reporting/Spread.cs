namespace Membership.Benchmarks.Reporting;

/// <summary>The rounds of one measurement.</summary>
internal sealed class Spread(IEnumerable<double> rounds)
{
    private readonly double[] _sorted = [.. rounds.Order()];

    public double Min => _sorted[0];

    public double Median => _sorted.Length % 2 == 1
        ? _sorted[_sorted.Length / 2]
        : (_sorted[_sorted.Length / 2 - 1] + _sorted[_sorted.Length / 2]) / 2;

    public double Max => _sorted[^1];

    /// <summary>The value below which so many of a hundred rounds lie.</summary>
    public double Percentile(double percent) => _sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * _sorted.Length) - 1, 0, _sorted.Length - 1)];

    public string ToText(string format = "N0") => $"{Min.ToString(format, null)} / {Median.ToString(format, null)} / {Max.ToString(format, null)}";
}
