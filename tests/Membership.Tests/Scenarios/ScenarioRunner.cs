using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Membership.Audit;
using Membership.Events;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Tests.Scenarios;

/// <summary>
/// Runs the blocks of one scenario, one after another, against one state machine. After each log entry every invariant is checked.
/// The language is told in this project's DESIGN.md.
/// </summary>
internal sealed class ScenarioRunner
{
    private readonly string _file;
    private readonly Dictionary<string, Func<Arguments, IEnumerable<string>>> _directives;
    private readonly Dictionary<string, StateDigest> _digests = [];
    private readonly List<byte[]> _log = [];
    private readonly List<MutationRun> _runs = [];
    private ScenarioNames _names = new();
    private RequestParser _requests;
    private Limits _limits = Limits.Production;
    private MembershipState _state;
    private long _clockMs;

    public ScenarioRunner(string file)
    {
        _file = file;
        _directives = new()
        {
            ["reset"] = Reset,
            ["node"] = RegisterNodes,
            ["advance"] = a => MoveClock(a, 1),
            ["rewind"] = a => MoveClock(a, -1),
            ["tick"] = _ => Apply([], []),
            ["bytes"] = ApplyBytes,
            ["show"] = Show,
            ["audit"] = ShowAudit,
            ["digest"] = CompareDigest,
            ["snapshot"] = _ => RestoreSnapshot(),
            ["replay"] = _ => Replay(),
        };
        _requests = new(_names, new());
        _state = Found();
    }

    /// <summary>Every mutation that ran, with its outcome: what a file covers.</summary>
    public IReadOnlyList<MutationRun> Runs => _runs;

    /// <summary>The state after the last block.</summary>
    public MembershipState State => _state;

    /// <summary>Runs the commands of one block and returns what they print.</summary>
    public ImmutableArray<string> Run(ScenarioBlock block)
    {
        try
        {
            return [.. block.Commands[0].StartsWith("as ", StringComparison.Ordinal) ? Propose(block.Commands) : RunDirective(block)];
        }
        catch (ScenarioException e)
        {
            throw new ScenarioException(_file, block.Line, e.Message);
        }
    }

    private List<string> RunDirective(ScenarioBlock block)
    {
        if (block.Commands.Length > 1) throw new ScenarioException("only requests ('as …: …') share a block; part the others by a blank line");

        var words = CommandWords.Split(block.Commands[0]);
        if (!_directives.TryGetValue(words[0].Value, out var run))
            throw new ScenarioException($"nobody knows '{words[0].Value}'; a line is 'as WHO: COMMAND …' or one of {string.Join(", ", _directives.Keys)}");

        var arguments = new Arguments(words.Skip(1));
        var output = run(arguments).ToList();
        arguments.End();
        return output;
    }

    // reset [Limit=value …]: another cluster; limits that are not named are those of production.
    private IEnumerable<string> Reset(Arguments a)
    {
        _limits = ScenarioLimits.Parse(a);
        _names = new();
        _requests = new(_names, new());
        _state = Found();
        _log.Clear();
        return ["ok"];
    }

    private MembershipState Found()
    {
        _clockMs = ScenarioTime.StartMs;
        return MembershipState.Founded("scenario", _limits);
    }

    // node NAME …: an admin registers a node with a key of the same name.
    private IEnumerable<string> RegisterNodes(Arguments a)
    {
        foreach (var name in a.Rest())
        {
            var output = Propose([$"as admin: register_node {name}"])[0];
            if (!output.StartsWith("ok", StringComparison.Ordinal)) throw new ScenarioException($"{name}: {output}");
            yield return $"{name} is #{_names.Node(name)}";
        }
    }

    private IEnumerable<string> MoveClock(Arguments a, int direction)
    {
        _clockMs += direction * ScenarioTime.ParseMs(a.Next("how far"));
        return [$"the leader's clock is {ScenarioTime.ToText(_clockMs)}"];
    }

    private List<string> Propose(ImmutableArray<string> lines)
    {
        var requests = lines.Select(line => _requests.Parse(line, _state)).ToImmutableArray();
        return Apply([.. requests.Select(request => request.Proposal)], [.. requests.Select(request => request.FirstWord)]);
    }

    private List<string> Apply(ImmutableArray<Proposal> proposals, ImmutableArray<string> firstWords)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EntryFormat.Write(bytes, _clockMs, [.. proposals.Select(proposal => (ReadOnlyMemory<byte>)proposal.Encode())]);
        var applied = Apply(bytes.WrittenSpan.ToArray());

        for (var i = 0; i < proposals.Length; i++) Name(proposals[i].Mutation.Kind, applied.Outcomes[i], firstWords[i]);
        var text = new OutcomeText(_names);
        var output = new List<string>();
        var swept = applied.Events.Where(e => e.Actor.Kind == ActorKind.System).ToList();
        if (swept.Count > 0) output.Add("sweep");
        output.AddRange(swept.Select(e => $"  {text.Of(e.Event)}"));
        var revision = _state.Revision - (ulong)proposals.Length;
        for (var i = 0; i < proposals.Length; i++)
        {
            revision++;
            var events = applied.Events.Where(e => e.Revision == revision).ToList();
            var kind = proposals[i].Mutation.Kind;
            _runs.Add(new(kind, applied.Outcomes[i], events.Count));
            output.Add(text.Of(kind, applied.Outcomes[i]));
            output.AddRange(events.Select(e => $"  {text.Of(e.Event)}"));
        }

        return output.Count > 0 ? output : ["nothing"];
    }

    private AppliedEntry Apply(byte[] entry)
    {
        var before = _state;
        var applied = StateMachine.Apply(before, before.AppliedIndex + 1, term: 1, new(entry));
        _log.Add(entry);
        _state = applied.State;
        if (Invariants.Check(_state).Concat(Invariants.CheckStep(before, _state)).FirstOrDefault() is { } violation)
            throw new ScenarioException($"after this the state is broken: {violation}");

        return applied;
    }

    private void Name(MutationKind kind, Outcome outcome, string firstWord)
    {
        if (!outcome.IsOk) return;
        if (kind == MutationKind.RegisterNode && !outcome.Results.Flag) _names.Name(firstWord, outcome.Results.Node);
        if (kind == MutationKind.CreateNetwork) _names.Name(firstWord, outcome.Results.Network);
    }

    // bytes HEX: whatever stands in the log, applied as it is.
    private IEnumerable<string> ApplyBytes(Arguments a)
    {
        var applied = Apply(Convert.FromHexString(a.Next("hex digits")));
        if (!applied.IsReadable) return ["unreadable: nothing changed"];
        return applied.Outcomes.Select(outcome => $"rejected: {OutcomeText.CodeName(outcome.Code)}");
    }

    private IEnumerable<string> Show(Arguments a)
    {
        var text = new StateText(_names);
        var what = a.Next("a network, a node, sessions or counters");
        var shown = what switch
        {
            "sessions" => text.Sessions(_state),
            "counters" => StateText.Counters(_state),
            "node" => text.Node(_state, _names.Node(a.Next("the node"))),
            _ => text.Network(_state, _names.Network(what)),
        };
        return shown.DefaultIfEmpty("nothing");
    }

    // audit N: the last N records, with who, as what and under which request id.
    private IEnumerable<string> ShowAudit(Arguments a)
    {
        var text = new OutcomeText(_names);
        var count = (int)ScenarioNumber.Parse(a.Next("how many"));
        var lines = new List<string>();
        foreach (var (_, record) in _state.Tables.Audit) lines.Add(text.Of(AuditRecordFormat.Decode(record.Encoded)));
        return lines.TakeLast(count);
    }

    // digest NAME: remembers the state's digest under a new name; compares it with the one of a known name.
    private IEnumerable<string> CompareDigest(Arguments a)
    {
        var name = a.Next("a name for the digest");
        if (_digests.TryAdd(name, _state.Digest)) return ["remembered"];
        return [_digests[name] == _state.Digest ? "equal" : "different"];
    }

    private IEnumerable<string> RestoreSnapshot()
    {
        using var first = new MemoryStream();
        SnapshotWriter.Write(_state, first);
        first.Position = 0;
        var restored = SnapshotReader.Read(first, _limits);
        using var second = new MemoryStream();
        SnapshotWriter.Write(restored, second);
        if (!first.ToArray().AsSpan().SequenceEqual(second.ToArray())) throw new ScenarioException("the snapshot of the restored state has other bytes");
        if (restored.Digest != _state.Digest) throw new ScenarioException("the restored state has another digest");

        _state = restored;
        return ["restored: equal bytes, equal digest"];
    }

    private IEnumerable<string> Replay()
    {
        var state = MembershipState.Founded("scenario", _limits);
        foreach (var entry in _log) state = StateMachine.Apply(state, state.AppliedIndex + 1, term: 1, new(entry)).State;
        return [string.Create(CultureInfo.InvariantCulture, $"{_log.Count} entries: {(state.Digest == _state.Digest ? "equal" : "different")} digest")];
    }
}

/// <summary>A mutation that ran in a scenario: its outcome and how many events it yielded.</summary>
internal readonly record struct MutationRun(MutationKind Kind, Outcome Outcome, int EventCount);
