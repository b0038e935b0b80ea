using System.Globalization;

namespace Membership.Tests.Scenarios;

/// <summary>The words of a command line, taken one by one; <see cref="End"/> complains about what nobody took.</summary>
internal sealed class Arguments(IEnumerable<Word> words)
{
    private readonly List<Word> _left = [.. words];

    /// <summary>The next word without a name.</summary>
    public string Next(string what)
    {
        var at = _left.FindIndex(word => word.Name is null);
        return at >= 0 ? Take(at) : throw new ScenarioException($"{what} is missing");
    }

    /// <summary>All words without a name that are left.</summary>
    public List<string> Rest()
    {
        var rest = new List<string>();
        while (_left.Exists(word => word.Name is null)) rest.Add(Next("a word"));
        return rest;
    }

    /// <summary>The value of <c>name=value</c>, or null.</summary>
    public string? Named(string name)
    {
        var at = _left.FindIndex(word => word.Name == name);
        return at >= 0 ? Take(at) : null;
    }

    public string Required(string name) => Named(name) ?? throw new ScenarioException($"{name}=… is missing");

    /// <summary>Whether the word stands there.</summary>
    public bool Flag(string name)
    {
        var at = _left.FindIndex(word => word.Name is null && word.Value == name);
        if (at >= 0) Take(at);
        return at >= 0;
    }

    /// <summary>The next word, one of two.</summary>
    public bool Choice(string yes, string no)
    {
        var word = Next($"'{yes}' or '{no}'");
        return word == yes || (word == no ? false : throw new ScenarioException($"'{word}' is neither '{yes}' nor '{no}'"));
    }

    public T? Number<T>(string name)
        where T : struct, IParsable<T> =>
        Named(name) is not { } text ? null
        : T.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ScenarioException($"{name}={text} is not a number");

    public void End()
    {
        if (_left is [var (name, value), ..])
            throw new ScenarioException($"nobody knows what to do with '{(name is null ? "" : name + "=")}{value}'");
    }

    private string Take(int at)
    {
        var value = _left[at].Value;
        _left.RemoveAt(at);
        return value;
    }
}
