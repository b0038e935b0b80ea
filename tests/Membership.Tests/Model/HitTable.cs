using System.Text;

namespace Membership.Tests.Model;

/// <summary>How often each (command × outcome) pair of the specification came up; session codes stand under <c>session</c>.</summary>
internal sealed class HitTable
{
    private readonly SortedDictionary<string, SortedDictionary<string, long>> _rows = new(StringComparer.Ordinal);

    public void Add(string row, string outcome)
    {
        if (!_rows.TryGetValue(row, out var hits)) _rows[row] = hits = new(StringComparer.Ordinal);
        hits[outcome] = hits.GetValueOrDefault(outcome) + 1;
    }

    /// <summary>Counts what a command's row decided, and each event with its cause.</summary>
    public void AddDecided(Mutation mutation, Outcome outcome, IEnumerable<ModelEvent> events)
    {
        if (mutation is UnknownMutation or MalformedMutation)
        {
            Add("entry", outcome.Code.ToName());
            return;
        }

        var command = mutation.Kind.ToText();
        var changed = false;
        foreach (var e in events)
        {
            changed = true;
            Add("event", EventName(e.Text));
        }

        Add(command, outcome.IsOk ? Success(mutation, outcome, changed) : Name(outcome.Code));
    }

    /// <summary>The code's name; the role gate's own <c>not_a_member</c> is told apart, as its number is.</summary>
    public static string Name(Code code) => code == Code.ActorNotAMember ? "actor_not_a_member" : code.ToName();

    public long Count(string row, string outcome) =>
        _rows.TryGetValue(row, out var hits) ? hits.GetValueOrDefault(outcome) : 0;

    public IEnumerable<(string Row, string Outcome)> Pairs => _rows.SelectMany(row => row.Value.Keys.Select(hit => (row.Key, hit)));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (row, hits) in _rows)
            text.Append(row).Append(": ").AppendJoin(", ", hits.Select(hit => $"{hit.Key} {hit.Value}")).Append('\n');
        return text.ToString();
    }

    /// <summary>The successes that a caller can tell apart.</summary>
    private static string Success(Mutation mutation, Outcome outcome, bool changed) => mutation switch
    {
        RegisterNode when outcome.Results.Flag => "ok, existing",
        DeregisterNode when !outcome.Results.Flag => "ok, not existing",
        InviteToNetwork when outcome.Results.Flag => "ok, already_invited",
        RespondInvite { Accept: false } => "ok, refused",
        JoinNetwork or RespondInvite => $"ok, as {outcome.Results.Role.ToText()}",
        _ => changed ? "ok" : "ok, no change",
    };

    /// <summary>Action, and the cause where there is one.</summary>
    private static string EventName(string text)
    {
        var action = text[..text.IndexOf('{', StringComparison.Ordinal)];
        const string marker = "cause=\"";
        var at = text.IndexOf(marker, StringComparison.Ordinal);
        if (at < 0) return action;
        var cause = text[(at + marker.Length)..];
        return $"{action} ({cause[..cause.IndexOf('"', StringComparison.Ordinal)]})";
    }
}
