using System.Collections;

namespace Membership.Cli.Output;

/// <summary>
/// Names and values in a fixed order: what both forms are written from. The names are those of the wire. A null is there in JSON, too, so
/// that a document has the same names always.
/// </summary>
/// <remarks>
/// Values: null, texts, flags, whole numbers, <see cref="NodeId"/> and <see cref="NetworkId"/> (numbers), <see cref="Moment"/>,
/// <see cref="RawJson"/>, <see cref="Fields"/>, lists and dictionaries of these; anything else by its text.
/// </remarks>
internal sealed class Fields : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _items = [];

    public object? this[string name] => _items.Find(item => item.Key == name).Value;

    public void Add(string name, object? value) => _items.Add(new(name, value));

    /// <summary>All of the others behind these.</summary>
    public Fields With(Fields others)
    {
        _items.AddRange(others);
        return this;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
