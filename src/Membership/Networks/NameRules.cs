using System.Text;

namespace Membership;

/// <summary>The shapes of texts: names, tags, external ids, descriptions.</summary>
/// <remarks>Source: command specification, section 1.</remarks>
public static class NameRules
{
    /// <summary>The one reserved network name.</summary>
    public const string Backbone = "backbone";

    /// <summary>Whether the whole text is 1 to <paramref name="bytesMax"/> of <c>a-z 0-9 -</c>, first and last not <c>-</c>.</summary>
    public static bool IsLabel(string text, int bytesMax)
    {
        if (text.Length == 0 || text.Length > bytesMax || text[0] == '-' || text[^1] == '-') return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
        }

        return true;
    }

    /// <summary>Whether the text takes at most so many bytes of UTF-8.</summary>
    public static bool FitsBytes(string text, int bytesMax) =>
        text.Length <= bytesMax && Encoding.UTF8.GetByteCount(text) <= bytesMax;

    /// <summary>Whether the text holds no control character (U+0000 to U+001F, U+007F to U+009F) and no lone surrogate.</summary>
    public static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c <= 0x1F || c is >= (char)0x7F and <= (char)0x9F) return false;
        }

        return IsWellFormed(text);
    }

    /// <summary>Whether the text holds no lone surrogate, so that it has a UTF-8 form of its own.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
