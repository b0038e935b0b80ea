using System.Diagnostics;
using Membership.Cli.Running;

namespace Membership.EndToEnd.Running;

/// <summary>Runs the tool as it was built, as a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs it to its end.</summary>
    public static Task<ToolRun> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs it to its end in an environment of its own.</summary>
    public static async Task<ToolRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        return await EndAsync(process, arguments);
    }

    /// <summary>Starts it.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Start(environment, ["dotnet"], arguments);

    /// <summary>Starts it by a line of a shell, in which it is <c>"$@"</c>.</summary>
    public static Process StartInShell(string line, params string[] arguments) =>
        Start(new Dictionary<string, string>(), ["sh", "-c", line, "sh", "dotnet"], arguments);

    private static Process Start(IReadOnlyDictionary<string, string> environment, string[] by, string[] arguments)
    {
        var start = new ProcessStartInfo(by[0], by[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MEMBERSHIP_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for its end.</summary>
    public static async Task<ToolRun> EndAsync(Process process, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new(string.Join(' ', arguments), (ExitCode)process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
