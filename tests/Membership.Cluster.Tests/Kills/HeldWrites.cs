using System.Diagnostics;
using System.Globalization;

namespace Membership.Cluster.Tests.Kills;

/// <summary>Holds every write of another process to its log before the system has it, by <c>strace</c>, until it is disposed.</summary>
internal sealed class HeldWrites : IAsyncDisposable
{
    /// <summary>The system calls that the log writes by: the first hands the bytes to the system, and when the second returns they are on the disk.</summary>
    public const string Calls = "pwrite64,fdatasync";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly Process _strace;

    private HeldWrites(Process strace) => _strace = strace;

    /// <summary>Returns when each thread of the process is held at its writes from now on, for so long each.</summary>
    /// <exception cref="InvalidOperationException">strace may not do that here.</exception>
    public static async Task<HeldWrites> BeginAsync(int processId, TimeSpan delay)
    {
        // Without "trace" of the call nothing is injected into it.
        string[] arguments =
        [
            "-f", "-o", "/dev/null", "-e", $"trace={Calls}", "-e", string.Create(CultureInfo.InvariantCulture, $"inject={Calls}:delay_enter={delay.TotalMicroseconds:F0}"),
            "-p", processId.ToString(CultureInfo.InvariantCulture),
        ];
        var strace = Process.Start(new ProcessStartInfo("strace", arguments) { RedirectStandardError = true })!;
        var held = new HeldWrites(strace);
        try
        {
            // The first line comes when it has all threads that there are.
            var line = await strace.StandardError.ReadLineAsync().WaitAsync(Limit);
            if (line?.Contains(" attached", StringComparison.Ordinal) is not true) throw new InvalidOperationException(line ?? "strace said nothing");
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }

        _ = strace.StandardError.ReadToEndAsync();
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        // Not SIGKILL: it has to let go of what it holds.
        if (!_strace.HasExited) Process.Start("kill", ["-TERM", $"{_strace.Id}"]).Dispose();
        await _strace.WaitForExitAsync().WaitAsync(Limit);
        _strace.Dispose();
    }
}
