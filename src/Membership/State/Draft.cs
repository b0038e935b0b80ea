using System.Diagnostics;
using Membership.Audit;
using Membership.Formats;
using Membership.Maps;
using Membership.Sessions;

namespace Membership.State;

/// <summary>
/// The next state in the making. Each change keeps the derived indexes and the digest in step with the records; nothing else writes
/// to a map. One thread at a time.
/// </summary>
internal sealed partial class Draft
{
    // The maps are edited under this mark: nodes made under it are changed in place, nodes of states that readers have never.
    private EditMark _mark = new();
    private readonly RecordBuffer _record = new();
    private readonly AuditTrailBuilder _audit;
    private readonly Limits _limits;
    private UInt128 _recordSum;

    public Draft(MembershipState state)
    {
        Tables = state.Tables;
        _audit = new(state.Tables.Audit);
        Counters = state.Counters;
        _recordSum = state.RecordSum;
        _limits = state.Limits;
    }

    public Tables Tables;

    public Counters Counters;

    public Limits Limits => _limits;

    public long Now => Counters.Time;

    /// <summary>The state as it is now. It shares its nodes with the draft: nothing may be changed before <see cref="Continue"/>.</summary>
    public MembershipState Publish(long index, long term)
    {
        ListSessions();
        Tables.Audit = _audit.Trail;
        return new(Tables, Counters, _recordSum, _limits, index, term);
    }

    /// <summary>
    /// Goes on from the state published last. What no reader took is changed in place; what one did stays as it is for ever, and is copied
    /// where it has to change.
    /// </summary>
    public void Continue(MembershipState published)
    {
        if (published.TryTakeBack()) return;
        _mark = new();
        _audit.Share();
    }

    /// <summary>Keeps the audit record that was made last.</summary>
    /// <param name="revision">The revision within.</param>
    /// <param name="encoded">Its form.</param>
    public void AppendAudit(ulong revision, ReadOnlySpan<byte> encoded)
    {
        if (!_audit.TryAdd(Counters.LastAuditNumber, revision, encoded))
            throw new UnreachableException("Invariant I11 has the last record's number in the counters.");
    }

    /// <summary>Drops the oldest audit records over the limit: once an entry, as nobody sees a state within one.</summary>
    public void TrimAudit() => _audit.Trim(_limits.AuditRecordsMax);

    /// <summary>Puts back an audit record that a snapshot held.</summary>
    /// <returns>False when it does not follow the one before.</returns>
    public bool TryRestoreAudit(ulong number, ulong revision, ReadOnlySpan<byte> encoded) => _audit.TryAdd(number, revision, encoded);

    private void Add(UInt128 hash) => _recordSum = unchecked(_recordSum + hash);

    private void Subtract(UInt128 hash) => _recordSum = unchecked(_recordSum - hash);
}
