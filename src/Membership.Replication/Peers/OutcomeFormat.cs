using MessagePack;

namespace Membership.Replication.Peers;

/// <summary>
/// The form of an <see cref="Outcome"/> between replicas: <c>[code, revision, repeated]</c>, and when it has results
/// <c>[code, revision, repeated, node, network, role, number, flag]</c>. Most have none, so most take about eight bytes.
/// </summary>
internal static class OutcomeFormat
{
    private const int FieldsWithoutResults = 3;
    private const int Fields = 8;

    public static void Write(ref MessagePackWriter w, in Outcome outcome)
    {
        var hasResults = outcome.Results != default;
        w.WriteArrayHeader(hasResults ? Fields : FieldsWithoutResults);
        w.Write((ushort)outcome.Code);
        w.Write(outcome.Revision);
        w.Write(outcome.Repeated);
        if (!hasResults) return;
        w.Write(outcome.Results.Node.Value);
        w.Write(outcome.Results.Network.Value);
        w.Write((byte)outcome.Results.Role);
        w.Write(outcome.Results.Number);
        w.Write(outcome.Results.Flag);
    }

    /// <exception cref="InvalidDataException">It is of another form.</exception>
    public static Outcome Read(ref MessagePackReader r)
    {
        var fields = r.ReadArrayHeader();
        if (fields is not (FieldsWithoutResults or Fields)) throw new InvalidDataException("outcome: number of fields");
        var code = (Code)r.ReadUInt16();
        var revision = r.ReadUInt64();
        var repeated = r.ReadBoolean();
        return new(code, revision, fields == Fields ? ReadResults(ref r) : default, repeated);
    }

    private static Results ReadResults(ref MessagePackReader r)
    {
        var node = new NodeId(r.ReadUInt32());
        var network = new NetworkId(r.ReadUInt16());
        var role = (Role)r.ReadByte();
        if (role > Role.Owner) throw new InvalidDataException("outcome: role");
        return new(node, network, role, r.ReadUInt32(), r.ReadBoolean());
    }
}
