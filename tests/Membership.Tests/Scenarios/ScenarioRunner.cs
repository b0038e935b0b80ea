using System.Collections.Immutable;
using System.Globalization;
using Membership.Audit;
using Membership.State;

namespace Membership.Tests.Scenarios;

/// <summary>
/// Runs the blocks of one scenario, one after another. The language is told in this project's DESIGN.md; what is not a request is one
/// of the directives below.
/// </summary>
internal sealed class ScenarioRunner
{
    private readonly string _file;
    private readonly Dictionary<string, Func<Arguments, IEnumerable<string>>> _directives;
    private readonly Dictionary<string, StateDigest> _digests = [];
    private readonly List<MutationRun> _runs = [];
    private ScenarioCluster _cluster = new(Limits.Production);
    private ScenarioNames _names = new();
    private RequestParser _requests;

    public ScenarioRunner(string file)
    {
        _file = file;
        _requests = new(_names, new());
        _directives = new()
        {
            ["reset"] = Reset,
            ["node"] = RegisterNodes,
            ["advance"] = a => MoveClock(a, 1),
            ["rewind"] = a => MoveClock(a, -1),
            ["tick"] = _ => Apply([]),
            ["bytes"] = ApplyBytes,
            ["show"] = Show,
            ["audit"] = ShowAudit,
            ["digest"] = CompareDigest,
            ["snapshot"] = _ => RestoreSnapshot(),
            ["replay"] = _ => Replay(),
        };
    }

    /// <summary>Every mutation that ran, with its outcome: what a file covers.</summary>
    public IReadOnlyList<MutationRun> Runs => _runs;

    /// <summary>Runs the commands of one block and returns what they print.</summary>
    public ImmutableArray<string> Run(ScenarioBlock block)
    {
        try
        {
            return [.. block.Commands[0].StartsWith("as ", StringComparison.Ordinal) ? Propose(block.Commands) : Direct(block.Commands)];
        }
        catch (ScenarioException e)
        {
            throw new ScenarioException(_file, block.Line, e.Message);
        }
    }

    private List<string> Direct(ImmutableArray<string> lines)
    {
        if (lines.Length > 1) throw new ScenarioException("only requests ('as …: …') share a block; part the others by a blank line");

        var words = CommandWords.Split(lines[0]);
        if (!_directives.TryGetValue(words[0].Value, out var run))
        {
            throw new ScenarioException(
                $"nobody knows '{words[0].Value}'; a line is 'as WHO: COMMAND …' or begins with {string.Join(", ", _directives.Keys)}");
        }

        var arguments = new Arguments(words.Skip(1));
        var output = run(arguments).ToList();
        arguments.End();
        return output;
    }

    // as WHO: COMMAND …, one or more lines: one log entry.
    private List<string> Propose(ImmutableArray<string> lines) =>
        Apply([.. lines.Select(line => _requests.Parse(line, _cluster.State))]);

    private List<string> Apply(ImmutableArray<Request> requests)
    {
        var applied = _cluster.Apply([.. requests.Select(request => request.Proposal)]);
        foreach (var (request, outcome) in requests.Zip(applied.Outcomes)) Name(request, outcome);

        var text = new OutcomeText(_names);
        var output = new List<string>();
        var swept = applied.Events.Where(e => e.Actor.Kind == ActorKind.System).ToList();
        if (swept.Count > 0) output.Add("sweep");
        output.AddRange(swept.Select(e => $"  {text.Of(e.Event)}"));

        // Each mutation has a revision of its own; its events are those of this revision.
        var revision = _cluster.State.Revision - (ulong)requests.Length;
        foreach (var (request, outcome) in requests.Zip(applied.Outcomes))
        {
            revision++;
            var events = applied.Events.Where(e => e.Revision == revision).ToList();
            _runs.Add(new(request.Kind, outcome, events.Count));
            output.Add(text.Of(request.Kind, outcome));
            output.AddRange(events.Select(e => $"  {text.Of(e.Event)}"));
        }

        return output.Count > 0 ? output : ["nothing"];
    }

    private void Name(Request request, Outcome outcome)
    {
        if (!outcome.IsOk) return;
        if (request.Kind == MutationKind.RegisterNode && !outcome.Results.Flag) _names.Name(request.NewName, outcome.Results.Node);
        if (request.Kind == MutationKind.CreateNetwork) _names.Name(request.NewName, outcome.Results.Network);
    }

    // reset [Limit=value …]: another cluster; limits that are not named are those of production.
    private IEnumerable<string> Reset(Arguments a)
    {
        _cluster = new(ScenarioLimits.Parse(a));
        _names = new();
        _requests = new(_names, new());
        return ["ok"];
    }

    // node NAME …: an admin registers a node with a key of the same name.
    private IEnumerable<string> RegisterNodes(Arguments a)
    {
        foreach (var name in a.Rest())
        {
            var output = Propose([$"as admin: register_node {name}"])[0];
            if (!output.EndsWith("existing=false", StringComparison.Ordinal)) throw new ScenarioException($"{name}: {output}");
            yield return $"{name} is #{_names.Node(name)}";
        }
    }

    private IEnumerable<string> MoveClock(Arguments a, int direction)
    {
        _cluster.ClockMs += direction * ScenarioTime.ParseMs(a.Next("how far"));
        return [$"the leader's clock is {ScenarioTime.ToText(_cluster.ClockMs)}"];
    }

    // bytes HEX: whatever stands in the log, applied as it is.
    private IEnumerable<string> ApplyBytes(Arguments a)
    {
        var applied = _cluster.Apply(Convert.FromHexString(a.Next("hex digits")));
        if (!applied.IsReadable) return ["unreadable: nothing changed"];
        return applied.Outcomes.Select(outcome => $"rejected: {OutcomeText.CodeName(outcome.Code)}");
    }

    private IEnumerable<string> Show(Arguments a)
    {
        var text = new StateText(_names);
        var what = a.Next("a network, 'node', 'sessions' or 'counters'");
        var shown = what switch
        {
            "sessions" => text.Sessions(_cluster.State),
            "counters" => StateText.Counters(_cluster.State),
            "node" => text.Node(_cluster.State, _names.Node(a.Next("the node"))),
            _ => text.Network(_cluster.State, _names.Network(what)),
        };
        return shown.DefaultIfEmpty("nothing");
    }

    // audit N: the last N records, with who, as what and under which request id.
    private IEnumerable<string> ShowAudit(Arguments a)
    {
        var text = new OutcomeText(_names);
        var lines = new List<string>();
        foreach (var (_, record) in _cluster.State.Tables.Audit) lines.Add(text.Of(AuditRecordFormat.Decode(record.Encoded)));
        return lines.TakeLast((int)ScenarioNumber.Parse(a.Next("how many")));
    }

    // digest NAME: remembers the state's digest under a new name; compares it with the one of a known name.
    private IEnumerable<string> CompareDigest(Arguments a)
    {
        var name = a.Next("a name for the digest");
        if (_digests.TryAdd(name, _cluster.State.Digest)) return ["remembered"];
        return [_digests[name] == _cluster.State.Digest ? "equal" : "different"];
    }

    private IEnumerable<string> RestoreSnapshot()
    {
        _cluster.RestoreSnapshot();
        return ["restored: equal bytes, equal digest"];
    }

    private IEnumerable<string> Replay() =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_cluster.LogLength} entries: {(_cluster.Replay() == _cluster.State.Digest ? "equal" : "different")} digest"),
    ];
}

/// <summary>A mutation that ran in a scenario: its outcome and how many events it yielded.</summary>
internal readonly record struct MutationRun(MutationKind Kind, Outcome Outcome, int EventCount);
