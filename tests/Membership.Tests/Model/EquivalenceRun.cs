using Membership.Audit;
using Membership.Events;
using Membership.State;

namespace Membership.Tests.Model;

/// <summary>A log on its way through both state machines, compared after every entry.</summary>
internal sealed class EquivalenceRun(Limits limits, HitTable hits)
{
    private long _index;

    public MembershipModel Model { get; } = new(limits) { Hits = hits };

    public MembershipState State { get; private set; } = MembershipState.Founded("model", limits);

    /// <summary>Applies the entry to both; null, or what differs.</summary>
    public string? Apply(LogEntry entry)
    {
        var before = State;
        var eventsBefore = Model.Events.Count;
        var expected = Model.Apply(entry);
        var applied = StateMachine.Apply(before, ++_index, term: 1, entry.Encode());
        State = applied.State;
        return Difference("outcomes", expected, applied.Outcomes)
            ?? Difference("events", Model.Events[eventsBefore..], applied.Events.Select(Seen))
            ?? Difference("state", StateView.Of(Model).Split('\n'), StateView.Of(State).Split('\n'))
            ?? Difference("invariants", [], Invariants.Check(State))
            ?? Difference("invariants", [], Invariants.CheckStep(before, State));
    }

    /// <summary>The audit records that the state still holds are the model's last events.</summary>
    public string? CompareAudit()
    {
        var held = new List<ModelEvent>();
        foreach (var (_, record) in State.Tables.Audit)
        {
            var entry = AuditRecordFormat.Decode(record.Encoded);
            held.Add(new(
                entry.Revision, entry.Time, entry.Actor, entry.ActorRole, entry.RequestId,
                EventText.Of(entry.Action, entry.Attributes)));
        }

        return Difference("audit", Model.Events.TakeLast(limits.AuditRecordsMax), held);
    }

    private static ModelEvent Seen(AppliedEvent e) =>
        new(e.Revision, e.Time, e.Actor.ToString(), e.ActorRole, e.RequestId, EventText.Of(e.Event));

    private static string? Difference<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        if (left.SequenceEqual(right)) return null;
        var missing = left.Where((item, i) => i >= right.Count || !Equals(item, right[i]));
        var extra = right.Where((item, i) => i >= left.Count || !Equals(item, left[i]));
        return $"{what} differ\n  model: {string.Join("\n         ", missing)}\n  real:  {string.Join("\n         ", extra)}";
    }
}
