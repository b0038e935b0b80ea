using System.Diagnostics;

namespace ThreeNodeCluster;

/// <summary>One replica as a process of its own.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private bool _isDisposed;

    private ReplicaProcess(string id, string dataFolder, Process process, StreamWriter log)
    {
        Id = id;
        DataFolder = dataFolder;
        _process = process;
        _log = log;
    }

    public string Id { get; }

    public string DataFolder { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The file that holds what the process printed.</summary>
    public string LogFile => DataFolder + ".log";

    /// <summary>Starts the program that was built beside this one.</summary>
    public static ReplicaProcess Start(string id, string dataFolder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "RegistryReplica.exe" : "RegistryReplica"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var log = new StreamWriter(dataFolder + ".log", append: true) { AutoFlush = true };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(id, dataFolder, process, log);
    }

    /// <summary>SIGKILL: the process has no chance to write another byte.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        if (!_process.HasExited)
        {
            if (!OperatingSystem.IsWindows()) Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    private static void Write(StreamWriter log, string? line)
    {
        if (line is null) return;
        lock (log)
        {
            if (log.BaseStream is { CanWrite: true }) log.WriteLine(line);
        }
    }
}
