using System.Buffers;
using Membership.Audit;
using Membership.Formats;

namespace Membership.Events;

/// <summary>
/// Something that became true. Watchers, the audit trail, counters and caches are fed by events and by nothing else. No event holds
/// a secret.
/// </summary>
/// <remarks>Source: command specification, section 4.</remarks>
public abstract record Event
{
    /// <summary>The audit action, such as <c>network.joined</c>.</summary>
    public abstract string Action { get; }

    /// <summary>
    /// The attributes by name, as the audit trail holds them: each a <see cref="ulong"/>, <see cref="bool"/>, <see cref="string"/> or a
    /// list of these.
    /// </summary>
    public IReadOnlyDictionary<string, object> ReadAttributes()
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        var attributes = new AttributeWriter(new FieldWriter(bytes));
        Describe(ref attributes);
        attributes.Flush();
        var reader = new FieldReader(bytes.WrittenMemory);
        return AuditRecordFormat.ReadAttributes(ref reader);
    }

    /// <summary>Writes the attributes, in a fixed order, as structured values.</summary>
    internal abstract void Describe(ref AttributeWriter attributes);
}
