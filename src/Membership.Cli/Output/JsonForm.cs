using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Membership.Cli.Output;

/// <summary>Writes results as JSON.</summary>
internal static class JsonForm
{
    // Control characters stay escaped; a key's plus sign is one.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>A document over several lines.</summary>
    public static string Document(Fields fields) => Write(fields, new() { Indented = true, NewLine = "\n", Encoder = Encoder }) + "\n";

    /// <summary>One line, without its end.</summary>
    public static string Line(Fields fields) => Write(fields, new() { Encoder = Encoder });

    private static string Write(Fields fields, JsonWriterOptions options)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, options)) Write(json, fields);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case RawJson raw:
                json.WriteRawValue(raw.Text);
                break;
            case Moment moment:
                json.WriteNumberValue(moment.Number);
                break;
            case NodeId or NetworkId or int or uint or long or ulong or ushort:
                json.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                break;
            case IEnumerable<KeyValuePair<string, object?>> names:
                WriteObject(json, names);
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list) Write(json, item);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> names)
    {
        json.WriteStartObject();
        foreach (var (name, value) in names)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }
}
