using System.Collections.Immutable;
using Membership.Formats;

namespace Membership.Events;

/// <summary>Writes the attributes of an event as a MessagePack map from name to value.</summary>
internal ref struct AttributeWriter(FieldWriter writer)
{
    private FieldWriter _writer = writer;

    /// <summary>Must come first, with the exact number of attributes.</summary>
    public void Begin(int count) => _writer.WriteMapHeader(count);

    public void Add(ReadOnlySpan<byte> name, NetworkId value)
    {
        _writer.WriteName(name);
        _writer.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, NodeId value)
    {
        _writer.WriteName(name);
        _writer.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, uint value)
    {
        _writer.WriteName(name);
        _writer.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, int value) => Add(name, (uint)value);

    public void Add(ReadOnlySpan<byte> name, bool value)
    {
        _writer.WriteName(name);
        _writer.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, string value)
    {
        _writer.WriteName(name);
        _writer.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, Role value) => Add(name, value.ToText());

    public void Add(ReadOnlySpan<byte> name, ImmutableArray<string> values)
    {
        _writer.WriteName(name);
        _writer.Write(values);
    }

    public void Add(ReadOnlySpan<byte> name, ImmutableArray<ushort> values)
    {
        _writer.WriteName(name);
        _writer.WriteArrayHeader(values.Length);
        foreach (var value in values) _writer.Write(value);
    }

    public void Flush() => _writer.Flush();

    /// <summary>The writer, to go on after the last attribute.</summary>
    public readonly FieldWriter End() => _writer;
}
