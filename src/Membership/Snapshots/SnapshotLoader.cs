using Membership.Audit;
using Membership.Formats;
using Membership.Sessions;
using Membership.State;

namespace Membership.Snapshots;

/// <summary>Builds a state from records by the same changes that mutations make, so indexes and digest come out of one place.</summary>
internal sealed class SnapshotLoader
{
    private readonly SnapshotHeader _header;
    private readonly Limits _limits;
    private readonly Draft _draft;
    private RecordKind _kind;
    private bool _hasCounters;

    public SnapshotLoader(SnapshotHeader header, Limits limits)
    {
        if (!MembershipState.IsClusterId(header.ClusterId)) throw new SnapshotFormatException("header: cluster id", 0);
        _header = header;
        _limits = limits;
        _draft = new Draft(MembershipState.Founded(header.ClusterId, limits));
    }

    /// <summary>Records read so far.</summary>
    public long RecordCount { get; private set; }

    public void Load(ReadOnlyMemory<byte> records)
    {
        var r = new FieldReader(records);
        while (!r.End)
        {
            var kind = (RecordKind)r.ReadByte();
            if (kind < _kind) throw new FormatViolationException("records out of order");
            _kind = kind;
            Load(kind, ref r);
            RecordCount++;
        }
    }

    /// <summary>The state, once every count, the digest and every invariant agree.</summary>
    public MembershipState Finish(long offset)
    {
        if (!_hasCounters) throw new SnapshotFormatException("no counters", offset);
        if (RecordCount != _header.RecordCount)
            throw new SnapshotFormatException($"{RecordCount} records where the header says {_header.RecordCount}", offset);
        var state = _draft.Publish(_header.Index, _header.Term);
        if (state.Digest != _header.Digest || SnapshotWriter.HeaderOf(state) != _header)
            throw new SnapshotFormatException("the state is not the one that the header describes", offset);
        foreach (var violation in Invariants.CheckRecords(state))
            throw new SnapshotFormatException($"invariant {violation}", offset);
        return state;
    }

    private void Load(RecordKind kind, ref FieldReader r)
    {
        switch (kind)
        {
            case RecordKind.Counters:
                _draft.Counters = Records.ReadCounters(ref r);
                _hasCounters = true;
                break;
            case RecordKind.Network:
                _draft.PutNetwork(Records.ReadNetwork(ref r));
                break;
            case RecordKind.ExprPolicy:
                var (policyOf, document) = Records.ReadExprPolicy(ref r);
                _draft.PutExprPolicy(policyOf, document);
                break;
            case RecordKind.PreAssignment:
                var (assignedIn, assignment) = Records.ReadPreAssignment(ref r);
                _draft.AddPreAssignment(assignedIn, assignment);
                break;
            case RecordKind.FreedId:
                var (deletedAt, freed) = Records.ReadFreedId(ref r);
                _draft.AddFreedId(deletedAt, freed);
                break;
            case RecordKind.Node:
                var (id, node) = Records.ReadNode(ref r);
                _draft.PutNode(id, node);
                break;
            case RecordKind.FormerKey:
                var (version, former) = Records.ReadFormerKey(ref r);
                _draft.AddFormerKey(version.Node, version.Version, former);
                break;
            case RecordKind.Member:
                var (memberKey, member) = Records.ReadMember(ref r, _limits);
                _draft.PutMember(memberKey.Network, memberKey.Node, member);
                break;
            case RecordKind.Invite:
                var (inviteKey, invite) = Records.ReadInvite(ref r);
                _draft.AddInvite(inviteKey.Node, inviteKey.Network, invite);
                break;
            case RecordKind.Session:
                var (sessionKey, session) = Records.ReadSession(ref r);
                _draft.PutSession(sessionKey, session);
                break;
            case RecordKind.Outcome:
                LoadOutcome(ref r);
                break;
            case RecordKind.Audit:
                LoadAudit(ref r);
                break;
            default:
                throw new FormatViolationException($"unknown record kind {(byte)kind}");
        }
    }

    private void LoadOutcome(ref FieldReader r)
    {
        var (key, sequence, outcome) = Records.ReadOutcome(ref r);
        if (!_draft.TryGetSession(key, out var session)) throw new FormatViolationException("an outcome without its session");
        _draft.AddOutcome(key, _draft.UseSession(key, session), sequence, outcome);
    }

    private void LoadAudit(ref FieldReader r)
    {
        var encoded = r.ReadBytesInPlace();
        var (number, revision) = AuditRecordFormat.ReadHead(encoded);
        if (!_draft.TryRestoreAudit(number, revision, encoded.Span)) throw new FormatViolationException("audit records with a gap");
    }
}
