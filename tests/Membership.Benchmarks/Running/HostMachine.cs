namespace Membership.Benchmarks.Running;

/// <summary>The machine that a benchmark runs on.</summary>
internal static class HostMachine
{
    /// <summary>Its cores and their model, as Linux names it.</summary>
    public static string Describe()
    {
        const string cpus = "/proc/cpuinfo";
        var model = File.Exists(cpus)
            ? File.ReadLines(cpus).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        return $"{Environment.ProcessorCount} cores{(model is null ? "" : $", {model}")}";
    }
}
