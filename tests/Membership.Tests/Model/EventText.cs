using System.Buffers;
using System.Collections;
using Membership.Events;
using Membership.Formats;

namespace Membership.Tests.Model;

/// <summary>Events as text, the model's and the real ones alike: <c>action{name=value, …}</c>, attributes by name.</summary>
internal static class EventText
{
    public static string Of(string action, IEnumerable<KeyValuePair<string, object>> attributes) =>
        $"{action}{{{string.Join(", ", attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Value(a.Value)}"))}}}";

    /// <summary>What the event writes into the audit trail, read back.</summary>
    public static string Of(Event e)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new AttributeWriter(new FieldWriter(bytes));
        e.Describe(ref writer);
        writer.Flush();
        var reader = new FieldReader(bytes.WrittenMemory);
        var attributes = new List<KeyValuePair<string, object>>();
        for (var count = reader.ReadMapHeader(); count > 0; count--)
            attributes.Add(KeyValuePair.Create(reader.ReadText(), reader.ReadAttributeValue()));
        reader.ReadEnd();
        return Of(e.Action, attributes);
    }

    private static string Value(object value) => value switch
    {
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Role role => $"\"{role.ToText()}\"",
        JoinRule rule => $"\"{rule.ToText()}\"",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Value))}]",
        _ => value.ToString()!,
    };
}
