using System.Text.Json;

namespace Membership.Protocol.Json;

/// <summary>Finds a key that stands twice in one object, on any level below the outermost.</summary>
internal struct NestedKeys
{
    private HashSet<(int Object, string Key)>? _seen;
    private int[]? _objectOnLevel;
    private int _objects;

    /// <summary>Takes the token at which the reader stands; false for a key twice, or for a lone surrogate in an escape.</summary>
    public bool TryAccept(in Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject) Begin(reader.CurrentDepth + 1);
        if (!JsonText.HasPairedSurrogates(reader)) return false;
        return reader.TokenType != JsonTokenType.PropertyName
            || _seen!.Add((_objectOnLevel![reader.CurrentDepth], reader.GetString()!));
    }

    private void Begin(int level)
    {
        _seen ??= [];
        _objectOnLevel ??= new int[JsonObject.LevelsMax + 1];
        _objectOnLevel[level] = ++_objects;
    }
}
