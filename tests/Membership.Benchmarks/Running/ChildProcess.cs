using System.Diagnostics;
using System.Text.Json;

namespace Membership.Benchmarks.Running;

/// <summary>A process of a benchmark: this program in one of its hidden modes, obeying a <see cref="CommandLoop"/>.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);

    private ChildProcess(string name, Process process)
    {
        _name = name;
        _process = process;
    }

    public int Id => _process.Id;

    /// <summary>Starts it; it is not ready yet.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="mode">The hidden mode.</param>
    /// <param name="plan">Its argument, as JSON.</param>
    public static ChildProcess Start(string name, string mode, object plan)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [mode, JsonSerializer.Serialize(plan)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new(name, Process.Start(start)!);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public Task<T> ReadyAsync<T>() => ReadAsync<T>();

    /// <summary>Has it do something and waits for the answer. One at a time; more wait for their turn.</summary>
    public async Task<T> AskAsync<T>(string word, object? argument = null)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync($"{word} {JsonSerializer.Serialize(argument)}");
            await _process.StandardInput.FlushAsync();
            return await ReadAsync<T>();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What it has used so far.</summary>
    public ProcessUsage Usage() => ProcessUsage.Of(_process.Id);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLimit);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited) await KillAsync();
        }

        _process.Dispose();
        _turn.Dispose();
    }

    private async Task<T> ReadAsync<T>()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(CommandLoop.Answer, StringComparison.Ordinal))
                return JsonSerializer.Deserialize<T>(line[CommandLoop.Answer.Length..])!;
            if (line.StartsWith(CommandLoop.Failure, StringComparison.Ordinal))
                throw new InvalidOperationException($"{_name}: {JsonSerializer.Deserialize<string>(line[CommandLoop.Failure.Length..])}");
            Console.Error.WriteLine($"{_name}: {line}");
        }

        throw new InvalidOperationException($"{_name} ended.");
    }
}
