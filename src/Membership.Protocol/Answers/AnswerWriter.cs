using System.Text.Encodings.Web;
using System.Text.Json;
using Membership.Protocol.Frames;
using Membership.Protocol.Requests;

namespace Membership.Protocol.Answers;

/// <summary>
/// Writes answers, one after another. Each call of a Write method replaces the answer before it; <see cref="Frame"/> and
/// <see cref="Json"/> hold the present one.
/// </summary>
/// <remarks>
/// Source: command specification, 3 and 6 (success) and 7 (form). An answer that fits no frame becomes the error
/// <see cref="Code.AnswerTooLarge"/>. For one thread at a time; its memory is rented: dispose it. Reuse it.
/// </remarks>
public sealed partial class AnswerWriter : IDisposable
{
    private readonly FrameBuffer _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly int _bytesMax;

    /// <summary>Writes answers of at most so many bytes.</summary>
    /// <param name="bytesMax">1 KiB to <see cref="Frames.Frame.BytesMax"/>.</param>
    public AnswerWriter(int bytesMax = Frames.Frame.BytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesMax, Frames.Frame.BytesMax);
        _bytesMax = bytesMax;
        _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The answer as a frame; valid until the next one is written.</summary>
    public ReadOnlyMemory<byte> Frame => _buffer.ToFrame();

    /// <summary>The answer without the frame's length; valid until the next one is written.</summary>
    public ReadOnlyMemory<byte> Json => _buffer.Content;

    /// <summary>What the present answer says: <see cref="Code.Ok"/>, or why it is an error.</summary>
    public Code Code { get; private set; }

    /// <summary>Writes an error.</summary>
    public void WriteError(ErrorAnswer error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Clear();
        Code = error.Code;
        _json.WriteStartObject();
        _json.WriteString(FieldNames.Type, "error");
        _json.WriteString(AnswerNames.Error, error.Text);
        _json.WriteString(AnswerNames.Code, error.Code.ToName());
        if (error.Field is { } field) _json.WriteString(AnswerNames.Field, field);
        if (error.RequestId is { } id) _json.WriteString(FieldNames.RequestId, id.ToString());
        if (error.Leader is { } leader) _json.WriteString(AnswerNames.Leader, leader);
        if (error.OldestRevision is { } oldest) _json.WriteNumber(AnswerNames.Oldest, oldest);
        if (error.SnapshotIndex is { } index) _json.WriteNumber(AnswerNames.Index, index);
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
    }

    private bool IsTooLarge => _json.BytesCommitted + _json.BytesPending > _bytesMax;

    private void Clear()
    {
        Code = Code.Ok;
        _json.Reset();
        _buffer.Clear();
    }

    private void Begin(Request request, ulong revision)
    {
        Clear();
        _json.WriteStartObject();
        _json.WriteString(FieldNames.Type, request.Type + "_ok");
        _json.WriteNumber(AnswerNames.Revision, revision);
    }

    /// <summary>Ends the answer; false when it is too large, and the error stands in its place.</summary>
    private bool End()
    {
        _json.WriteEndObject();
        _json.Flush();
        if (!IsTooLarge) return true;
        WriteError(new(Code.AnswerTooLarge));
        return false;
    }

    /// <summary>Writes a list. One that is too large already goes no further: the end of the answer turns it into the error.</summary>
    private void WriteList<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        _json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
            if (IsTooLarge) break;
        }

        _json.WriteEndArray();
    }

    private void Write(string name, NetworkId network) => _json.WriteNumber(name, network.Value);

    private void Write(string name, NodeId node) => _json.WriteNumber(name, node.Value);

    private void WriteTexts(string name, IEnumerable<string> texts) => WriteList(name, texts, _json.WriteStringValue);

    private void WriteSeconds(string name, long unixMs) => _json.WriteNumber(name, unixMs / 1000);

    private void WritePolicy(NetworkPolicy policy)
    {
        _json.WriteNumber(AnswerNames.MaxMembers, policy.MaxMembers);
        WriteList(AnswerNames.AllowedPorts, policy.AllowedPorts, port => _json.WriteNumberValue(port));
        _json.WriteString(AnswerNames.Description, policy.Description);
    }

    private void WriteRules(RuleSet? rules)
    {
        if (rules is null) return;
        _json.WritePropertyName(FieldNames.Rules);
        Rules.RulesJson.Write(_json, rules);
    }

    // The document was checked when it was set, and goes out byte for byte.
    private void WriteExprPolicy(ReadOnlyMemory<byte>? document)
    {
        if (document is not { IsEmpty: false } present) return;
        _json.WritePropertyName(FieldNames.ExprPolicy);
        _json.WriteRawValue(present.Span, skipInputValidation: true);
    }
}
