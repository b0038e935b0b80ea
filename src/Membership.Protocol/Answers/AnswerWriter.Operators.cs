using Membership.Audit;
using Membership.Events;
using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Protocol.Answers;

public sealed partial class AnswerWriter
{
    /// <summary>
    /// Writes <c>get_audit</c>. <c>time</c> is in Unix ms, hashes are in hex, and attributes in the order of the record, as the chain is made of
    /// them.
    /// </summary>
    public void WriteAudit(Request request, ulong revision, AuditAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        Begin(request, revision);
        WriteList("records", answer.Records, WriteRecord);
        _json.WriteNumber(AnswerNames.Oldest, answer.OldestRevision);
        if (answer.Next is { } next) _json.WriteNumber(AnswerNames.Next, next);
        End();
    }

    /// <summary>Writes <c>watch</c>. <c>time</c> is in Unix ms.</summary>
    /// <returns>False when it fits no frame; the answer is the error then.</returns>
    public bool WriteEvents(Request request, ulong revision, WatchAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        Begin(request, revision);
        if (answer.OldestRevision is { } oldest)
        {
            _json.WriteBoolean("gone", true);
            _json.WriteNumber(AnswerNames.Oldest, oldest);
        }
        else
        {
            WriteList("events", answer.Events, WriteEvent);
            _json.WriteNumber("next_revision", answer.NextRevision);
        }

        return End();
    }

    /// <summary>Writes <c>status</c>.</summary>
    public void WriteStatus(Request request, StatusAnswer status)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(status);
        Begin(request, status.Revision);
        _json.WriteString(FieldNames.Cluster, status.Cluster);
        _json.WriteString("replica", status.Replica);
        if (status.Leader is { } leader) _json.WriteString(AnswerNames.Leader, leader);
        _json.WriteNumber("term", status.Term);
        _json.WriteNumber("commit", status.CommitIndex);
        _json.WriteNumber("applied", status.AppliedIndex);
        _json.WriteString("digest", status.Digest);
        _json.WriteNumber("lag", status.Lag);
        if (status.LagMs is { } lag) _json.WriteNumber("lag_ms", lag);
        _json.WriteNumber("version", status.Version);
        End();
    }

    /// <summary>Writes <c>cluster_status</c>.</summary>
    public void WriteCluster(Request request, ulong revision, IReadOnlyList<ReplicaAnswer> replicas)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(replicas);
        Begin(request, revision);
        WriteList("replicas", replicas, replica =>
        {
            _json.WriteStartObject();
            _json.WriteString("replica", replica.Replica);
            _json.WriteString("raft_address", replica.RaftAddress);
            _json.WriteString("peer_address", replica.PeerAddress);
            _json.WriteString(AnswerNames.Role, replica.Role);
            if (replica.Progress is { } progress) WriteProgress(progress);
            _json.WriteStartArray("health");
            foreach (var reason in replica.Health) _json.WriteStringValue(reason);
            _json.WriteEndArray();
            _json.WriteEndObject();
        });
        End();
    }

    private void WriteProgress(ReplicaProgress progress)
    {
        _json.WriteNumber("term", progress.Term);
        _json.WriteNumber("commit", progress.CommitIndex);
        _json.WriteNumber("applied", progress.AppliedIndex);
        _json.WriteNumber("lag", progress.Lag);
        _json.WriteNumber(AnswerNames.Revision, progress.Revision);
        _json.WriteString("digest", progress.Digest);
        _json.WriteNumber("snapshot", progress.SnapshotIndex);
        _json.WriteNumber("version", progress.Version);
    }

    /// <summary>Writes <c>snapshot_read</c>.</summary>
    public void WriteSnapshotPiece(Request request, ulong revision, SnapshotPieceAnswer piece)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(piece);
        Begin(request, revision);
        _json.WriteNumber(AnswerNames.Index, piece.Index);
        _json.WriteNumber("size", piece.Size);
        _json.WriteString("sha256", piece.Sha256);
        _json.WriteNumber("offset", piece.Offset);
        _json.WriteBase64String("data", piece.Data.Span);
        _json.WriteBoolean("more", piece.HasMore);
        End();
    }

    /// <summary>Writes the success of a command that answers nothing beside: <c>cluster_add</c>, <c>cluster_remove</c>, <c>cluster_transfer</c>.</summary>
    public void WriteDone(Request request, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(request);
        Begin(request, revision);
        End();
    }

    private void WriteRecord(AuditEntry entry)
    {
        _json.WriteStartObject();
        _json.WriteNumber("number", entry.Number);
        WriteHappening(entry.Revision, entry.Time, entry.Actor, entry.ActorRole, entry.RequestId);
        WriteAction(entry.Action, entry.Attributes);
        _json.WriteString("previous_hash", Convert.ToHexStringLower(entry.PreviousHash.Span));
        _json.WriteString("hash", Convert.ToHexStringLower(entry.Hash.Span));
        _json.WriteEndObject();
    }

    private void WriteEvent(AppliedEvent applied)
    {
        _json.WriteStartObject();
        WriteHappening(applied.Revision, applied.Time, applied.Actor.ToString(), applied.ActorRole, applied.RequestId);
        WriteAction(applied.Event.Action, applied.Event.ReadAttributes());
        _json.WriteEndObject();
    }

    private void WriteHappening(ulong revision, long time, string actor, string actorRole, RequestId? requestId)
    {
        _json.WriteNumber(AnswerNames.Revision, revision);
        _json.WriteNumber("time", time);
        _json.WriteString("actor", actor);
        _json.WriteString("actor_role", actorRole);
        if (requestId is { } id) _json.WriteString(FieldNames.RequestId, id.ToString());
    }

    private void WriteAction(string action, IReadOnlyDictionary<string, object> attributes)
    {
        _json.WriteString("action", action);
        _json.WriteStartObject("attributes");
        foreach (var (name, value) in attributes)
        {
            _json.WritePropertyName(name);
            WriteAttribute(value);
        }

        _json.WriteEndObject();
    }

    private void WriteAttribute(object value)
    {
        switch (value)
        {
            case ulong number:
                _json.WriteNumberValue(number);
                break;
            case bool flag:
                _json.WriteBooleanValue(flag);
                break;
            case string text:
                _json.WriteStringValue(text);
                break;
            case System.Collections.IEnumerable items:
                _json.WriteStartArray();
                foreach (var item in items) WriteAttribute(item);
                _json.WriteEndArray();
                break;
        }
    }
}
