using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Membership.Events;
using Membership.State;

namespace Membership.Replication.Telemetry;

/// <summary>
/// Counts what the log brings about, once an entry: outcomes, and the events from which every counter of memberships comes. What was
/// committed before the start of the replica is applied again and not counted again.
/// </summary>
/// <remarks>
/// Source: command specification, section 4. For the applying thread, except <see cref="CountFrom"/>. Each replica counts what it applies
/// itself; what it gets as a snapshot it has no events of.
/// </remarks>
internal sealed class AppliedInstruments
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _mutations;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _repetitions;
    private readonly Counter<long> _events;
    private readonly PilotCounters _pilot;
    private readonly Dictionary<Code, long> _rejected = [];
    private readonly Dictionary<string, long> _happened = new(StringComparer.Ordinal);
    private long _from = long.MaxValue;

    public AppliedInstruments(Meter meter)
    {
        _duration = meter.CreateHistogram(
            "membership.apply.duration", "s", "Applying one entry: its state published, its proposals answered, its events handed on.", null, ReplicaMeter.Seconds);
        _mutations = meter.CreateCounter<long>("membership.apply.mutations", "{mutation}", "Mutations applied, those rejected among them.");
        _rejections = meter.CreateCounter<long>("membership.apply.rejections", "{mutation}", "Mutations rejected, by `membership.code`.");
        _repetitions = meter.CreateCounter<long>("membership.apply.repetitions", "{mutation}", "Mutations answered from a session: their request was applied before.");
        _events = meter.CreateCounter<long>("membership.events", "{event}", "Events, by `membership.event.action`.");
        _pilot = new(meter);
    }

    /// <summary>How long entries take, in seconds.</summary>
    public Histogram<double> Duration => _duration;

    /// <summary>Counts entries behind this index; before it is called, none.</summary>
    public void CountFrom(long index) => Volatile.Write(ref _from, index);

    /// <summary>Counts an applied entry.</summary>
    public void OnApplied(long index, AppliedEntry applied)
    {
        if (index <= Volatile.Read(ref _from)) return;
        if (_mutations.Enabled && applied.Outcomes.Length > 0) _mutations.Add(applied.Outcomes.Length);
        if (_rejections.Enabled || _repetitions.Enabled) CountOutcomes(applied.Outcomes);
        if (applied.Events.IsEmpty) return;
        if (_events.Enabled) CountEvents(applied.Events);
        if (_pilot.Enabled) _pilot.Count(applied.Events);
    }

    private void CountOutcomes(ImmutableArray<Outcome> outcomes)
    {
        var repeated = 0L;
        foreach (ref readonly var outcome in outcomes.AsSpan())
        {
            if (outcome.Repeated) repeated++;
            else if (!outcome.IsOk) CollectionsMarshal.GetValueRefOrAddDefault(_rejected, outcome.Code, out _)++;
        }

        if (repeated > 0) _repetitions.Add(repeated);
        foreach (var (code, count) in _rejected) _rejections.Add(count, new KeyValuePair<string, object?>(MembershipTelemetry.CodeTag, code.ToName()));
        _rejected.Clear();
    }

    private void CountEvents(ImmutableArray<AppliedEvent> events)
    {
        foreach (var applied in events) CollectionsMarshal.GetValueRefOrAddDefault(_happened, applied.Event.Action, out _)++;
        foreach (var (action, count) in _happened) _events.Add(count, new KeyValuePair<string, object?>("membership.event.action", action));
        _happened.Clear();
    }
}
