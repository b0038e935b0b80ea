using System.Collections.Concurrent;
using System.Text;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Registry.Wire;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>
/// Handlers of a test. A request holds until its gate opens, if one is set for its word or for the name in it; the answer echoes the
/// request's <c>name</c> or <c>network_id</c>.
/// </summary>
internal sealed class ScriptedHandlers
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = [];
    private int _running;

    /// <summary>The most requests that were handled at one time.</summary>
    public int RunningMax { get; private set; }

    /// <summary>Requests that are handled now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>What was begun, in order: the requests' own text.</summary>
    public ConcurrentQueue<string> Begun { get; } = [];

    /// <summary>Where the last request came from.</summary>
    public RequestSource? Source { get; private set; }

    /// <summary>Requests that were given up.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Bytes that fill each answer.</summary>
    public int Padding { get; set; }

    public void Hold(string word) => _gates[word] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string word) => _gates[word].SetResult();

    /// <summary>Whether mutations are proposed at once, and those behind them may begin.</summary>
    public bool ProposesAtOnce { get; set; }

    public async ValueTask<RegistryAnswer> HandleAsync(ReadRequest read, RequestSource source, MutationTurn? turn, CancellationToken token)
    {
        Source = source;
        var text = Encoding.UTF8.GetString(read.Content.Span);
        if (read.Request is not { } request) return Refuse(read.Fault);
        Begun.Enqueue(text);
        RunningMax = Math.Max(RunningMax, Interlocked.Increment(ref _running));
        if (ProposesAtOnce) turn?.Pass();
        try
        {
            if (_gates.TryGetValue(request.Type, out var gate)) await gate.Task.WaitAsync(token);
            if (text.Contains("\"throw\"", StringComparison.Ordinal)) throw new InvalidOperationException("As scripted.");
            return Answer(request, text);
        }
        catch (OperationCanceledException)
        {
            GivenUp++;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private RegistryAnswer Answer(Request request, string text)
    {
        var echo = System.Text.Json.JsonDocument.Parse(text).RootElement.TryGetProperty("echo", out var value) ? value.GetInt32() : 0;
        var json = $$"""{"type":"{{request.Type}}_ok","revision":{{echo}},"padding":"{{new string('x', Padding)}}"}""";
        var isTrusted = request.AdminToken is not null;
        return new(Encoding.UTF8.GetBytes(json), CloseAfter: false, isTrusted);
    }

    private static RegistryAnswer Refuse(RequestFault fault)
    {
        using var writer = new AnswerWriter();
        writer.WriteError(ErrorAnswer.From(fault));
        return new(writer.Json.ToArray(), fault.Code == Code.InvalidJson, false);
    }
}
