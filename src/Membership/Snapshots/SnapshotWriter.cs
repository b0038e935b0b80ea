using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using Membership.Formats;
using Membership.State;

namespace Membership.Snapshots;

/// <summary>Writes a snapshot: the layout is that of <c>SnapshotLayout</c>, equal for equal states.</summary>
/// <remarks>Reads an immutable state, so entries may be applied meanwhile.</remarks>
public static class SnapshotWriter
{
    /// <summary>Writes the whole state. Neither flushes nor closes the stream.</summary>
    /// <returns>What the header says.</returns>
    public static SnapshotHeader Write(MembershipState state, Stream output)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(output);
        var header = HeaderOf(state);
        using var blocks = new BlockWriter(output);
        blocks.WriteHeader(header);
        var records = new RecordStream(blocks);
        records.WriteAll(state);
        blocks.WriteFooter();
        return header;
    }

    /// <summary>The header that a snapshot of this state has.</summary>
    public static SnapshotHeader HeaderOf(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var t = state.Tables;
        long records = 1 + t.Networks.Count + t.ExprPolicies.Count + t.PreAssignments.Count + t.FreedIds.Count
            + t.Nodes.Count + t.FormerKeys.Count + t.Members.Count + t.Invites.Count + t.Sessions.Count + t.Audit.Count;
        foreach (var (_, session) in t.Sessions) records += session.Outcomes.Count;
        return new(
            state.ClusterId,
            state.Version,
            state.AppliedIndex,
            state.AppliedTerm,
            state.Revision,
            state.ClusterTime,
            records,
            state.Digest);
    }

    /// <summary>Hands records to the blocks in canonical order.</summary>
    private sealed class RecordStream(BlockWriter blocks)
    {
        public void WriteAll(MembershipState state)
        {
            var t = state.Tables;
            var w = blocks.Begin(RecordKind.Counters);
            Records.Write(ref w, state.Counters);
            blocks.End(ref w);
            WriteNetworks(t);
            WriteNodes(t);
            WriteMemberships(t);
            WriteSessions(t);
            foreach (var (_, record) in t.Audit)
            {
                w = blocks.Begin(RecordKind.Audit);
                w.Write(record.Encoded.Span);
                blocks.End(ref w);
            }
        }

        private void WriteNetworks(in Tables t)
        {
            foreach (var (_, network) in t.Networks)
            {
                var w = blocks.Begin(RecordKind.Network);
                Records.Write(ref w, network);
                blocks.End(ref w);
            }

            foreach (var (network, document) in t.ExprPolicies)
            {
                var w = blocks.Begin(RecordKind.ExprPolicy);
                Records.Write(ref w, network, document);
                blocks.End(ref w);
            }

            foreach (var (key, assignment) in t.PreAssignments)
            {
                var w = blocks.Begin(RecordKind.PreAssignment);
                Records.Write(ref w, new NetworkId((ushort)key.Network), assignment);
                blocks.End(ref w);
            }

            foreach (var (deletedAt, freed) in t.FreedIds)
            {
                var w = blocks.Begin(RecordKind.FreedId);
                Records.Write(ref w, deletedAt, freed);
                blocks.End(ref w);
            }
        }

        private void WriteNodes(in Tables t)
        {
            foreach (var (id, node) in t.Nodes)
            {
                var w = blocks.Begin(RecordKind.Node);
                Records.Write(ref w, id, node);
                blocks.End(ref w);
            }

            foreach (var (key, former) in t.FormerKeys)
            {
                var w = blocks.Begin(RecordKind.FormerKey);
                Records.Write(ref w, key, former);
                blocks.End(ref w);
            }
        }

        private void WriteMemberships(in Tables t)
        {
            foreach (var ((node, network), member) in t.Members)
            {
                var w = blocks.Begin(RecordKind.Member);
                Records.Write(ref w, new MemberKey(network, node), member);
                blocks.End(ref w);
            }

            foreach (var (key, invite) in t.Invites)
            {
                var w = blocks.Begin(RecordKind.Invite);
                Records.Write(ref w, key, invite);
                blocks.End(ref w);
            }
        }

        private void WriteSessions(in Tables t)
        {
            foreach (var (key, session) in t.Sessions)
            {
                var w = blocks.Begin(RecordKind.Session);
                Records.Write(ref w, key, session);
                blocks.End(ref w);
            }

            foreach (var (key, session) in t.Sessions)
            {
                foreach (var (sequence, outcome) in session.Outcomes)
                {
                    var w = blocks.Begin(RecordKind.Outcome);
                    Records.Write(ref w, key, sequence, outcome);
                    blocks.End(ref w);
                }
            }
        }
    }

    /// <summary>Collects records to blocks, compresses and checksums them.</summary>
    private sealed class BlockWriter(Stream output) : IDisposable
    {
        private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly ArrayBufferWriter<byte> _raw = new(SnapshotLayout.BlockRawTarget * 2);
        private byte[] _stored = new byte[BrotliEncoder.GetMaxCompressedLength(SnapshotLayout.BlockRawTarget * 2)];

        public void WriteHeader(SnapshotHeader header)
        {
            Span<byte> magic = stackalloc byte[SnapshotLayout.MagicLength];
            SnapshotLayout.Magic.CopyTo(magic);
            magic[^1] = SnapshotLayout.Newest;
            Put(magic);
            var w = new FieldWriter(_raw);
            SnapshotHeaderFormat.Write(ref w, header);
            w.Flush();
            CloseBlock();
        }

        public FieldWriter Begin(RecordKind kind)
        {
            var w = new FieldWriter(_raw);
            w.Write((byte)kind);
            return w;
        }

        public void End(ref FieldWriter w)
        {
            w.Flush();
            if (_raw.WrittenCount >= SnapshotLayout.BlockRawTarget) CloseBlock();
        }

        public void WriteFooter()
        {
            if (_raw.WrittenCount > 0) CloseBlock();
            CloseBlock();
            Span<byte> sum = stackalloc byte[SnapshotLayout.FooterLength];
            _whole.GetHashAndReset(sum);
            output.Write(sum);
        }

        public void Dispose() => _whole.Dispose();

        private void CloseBlock()
        {
            var raw = _raw.WrittenSpan;
            var needed = BrotliEncoder.GetMaxCompressedLength(raw.Length);
            if (_stored.Length < needed) _stored = new byte[needed];
            // Quality 1 and the smallest window that holds a block: snapshots are written while entries are applied.
            var compressed = BrotliEncoder.TryCompress(raw, _stored, out var length, quality: 1, window: 18) && length < raw.Length;
            var stored = compressed ? _stored.AsSpan(0, length) : raw;
            Span<byte> header = stackalloc byte[SnapshotLayout.BlockHeaderLength];
            BinaryPrimitives.WriteInt32LittleEndian(header, stored.Length);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], raw.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], BlockChecksum.Of(header[..8], stored));
            Put(header);
            Put(stored);
            _raw.ResetWrittenCount();
        }

        private void Put(ReadOnlySpan<byte> bytes)
        {
            _whole.AppendData(bytes);
            output.Write(bytes);
        }
    }
}
