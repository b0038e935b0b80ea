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

    /// <summary>Writes the attributes, in a fixed order, as structured values.</summary>
    internal abstract void Describe(ref AttributeWriter attributes);
}
