using System.Diagnostics;
using System.Globalization;

namespace Membership.Benchmarks.Running;

/// <summary>What a process has used since it began.</summary>
/// <param name="CpuSeconds">Of all its threads, in the kernel and outside.</param>
/// <param name="BytesToDisk">Bytes that it caused to be sent to storage, in whole pages; 0 where the system does not tell.</param>
internal readonly record struct ProcessUsage(double CpuSeconds, long BytesToDisk)
{
    private const string WriteBytes = "write_bytes: ";

    public static ProcessUsage Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return new(process.TotalProcessorTime.TotalSeconds, ReadBytesToDisk($"/proc/{processId}/io"));
    }

    public static ProcessUsage operator -(ProcessUsage after, ProcessUsage before) =>
        new(after.CpuSeconds - before.CpuSeconds, after.BytesToDisk - before.BytesToDisk);

    private static long ReadBytesToDisk(string file)
    {
        if (!File.Exists(file)) return 0;
        var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(WriteBytes, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(WriteBytes.Length), CultureInfo.InvariantCulture);
    }
}
