using System.Text.Json;

namespace Membership.Benchmarks.Reporting;

/// <summary>The figures of one benchmark of loads, as a file that <c>picture</c> reads.</summary>
/// <param name="Day">The day it ran, in UTC.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Rounds">Runs of each point.</param>
/// <param name="Seconds">The length of a run, in s.</param>
/// <param name="Etcd">The version of etcd that took part; null for none.</param>
/// <param name="Points">One for each load.</param>
internal sealed record LoadFigures(DateOnly Day, string Machine, int Rounds, double Seconds, string? Etcd, IReadOnlyList<LoadPoint> Points)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Form) + "\n");

    /// <exception cref="FormatException">The file holds something else.</exception>
    public static LoadFigures Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LoadFigures>(File.ReadAllText(file), Form) is { Points.Count: > 0 } figures
                ? figures
                : throw new FormatException($"{file} holds no figures.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file} is no file of figures: {e.Message}");
        }
    }
}

/// <summary>What one load came to: the middle one of its runs.</summary>
/// <param name="Path">Where its clients were.</param>
/// <param name="Operation">What they did.</param>
/// <param name="Clients">How many they were.</param>
/// <param name="PerSecondMin">Successes a second in the slowest run.</param>
/// <param name="PerSecond">Successes a second.</param>
/// <param name="PerSecondMax">Successes a second in the fastest run.</param>
/// <param name="P50Ms">The median latency, in ms.</param>
/// <param name="P99Ms">The latency that 99 of 100 did not exceed, in ms.</param>
internal sealed record LoadPoint(
    string Path, string Operation, int Clients, double PerSecondMin, double PerSecond, double PerSecondMax, double P50Ms, double P99Ms);
