using System.Text.Json;

namespace Membership.Benchmarks.Running;

/// <summary>
/// How a process of a benchmark is told what to do: a line of a word and its JSON argument comes in, a line of JSON goes out. It ends with
/// its input, so it never outlives whoever started it.
/// </summary>
internal sealed class CommandLoop
{
    /// <summary>Begins the line of an answer.</summary>
    public const string Answer = "= ";

    /// <summary>Begins the line of a failure.</summary>
    public const string Failure = "! ";

    private readonly Dictionary<string, Func<string, Task<object>>> _commands = new(StringComparer.Ordinal);

    /// <summary>Adds a word.</summary>
    public CommandLoop On<TArgument>(string word, Func<TArgument, Task<object>> act)
    {
        _commands[word] = argument => act(JsonSerializer.Deserialize<TArgument>(argument)!);
        return this;
    }

    /// <summary>Says that it is ready, and obeys until the input ends.</summary>
    public async Task RunAsync(object ready)
    {
        Say(Answer, JsonSerializer.Serialize(ready));
        while (await ReadLineAsync() is { } line)
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            try
            {
                Say(Answer, JsonSerializer.Serialize(await _commands[line[..blank]](line[(blank + 1)..])));
            }
            catch (Exception e)
            {
                Say(Failure, JsonSerializer.Serialize(e.ToString()));
            }
        }
    }

    // On a thread of its own: a read of the standard input blocks, and would hold one of the pool's threads, of which there are as few as cores.
    private static Task<string?> ReadLineAsync() =>
        Task.Factory.StartNew(Console.In.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Say(string mark, string text)
    {
        Console.Out.WriteLine(mark + text);
        Console.Out.Flush();
    }
}
