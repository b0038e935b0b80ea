using System.Buffers;

namespace Membership.Protocol.Rules;

/// <summary>Reads durations in the syntax of the Go language: <c>24h</c>, <c>1h30m</c>, <c>-1.5s</c>, <c>0</c>.</summary>
/// <remarks>
/// An optional sign, then one or more decimal numbers, each with an optional fraction and a unit: <c>ns</c>, <c>us</c> or <c>µs</c>
/// (either of its two characters), <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>; or just <c>0</c>. Digits below a nanosecond are cut.
/// </remarks>
internal static class GoDuration
{
    // The magnitude of the least duration is one more than that of the greatest.
    private const ulong MagnitudeMax = 1UL << 63;

    private static readonly SearchValues<char> NumberDigits = SearchValues.Create(".0123456789");

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="nanoseconds">What it says: −2^63 to 2^63 − 1.</param>
    /// <returns>False when the text is no duration, or one out of range.</returns>
    public static bool TryParse(string? text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith("-");
        if (isNegative || rest.StartsWith("+")) rest = rest[1..];
        if (rest is "0") return true;
        if (rest.IsEmpty || !TryReadTerms(rest, out var magnitude)) return false;
        if (!isNegative && magnitude > long.MaxValue) return false;
        nanoseconds = unchecked(isNegative ? -(long)magnitude : (long)magnitude);
        return true;
    }

    private static bool TryReadTerms(ReadOnlySpan<char> rest, out ulong sum)
    {
        sum = 0;
        while (!rest.IsEmpty)
        {
            if (!TryReadTerm(ref rest, out var term)) return false;
            sum += term;
            if (sum > MagnitudeMax) return false;
        }

        return true;
    }

    private static bool TryReadTerm(scoped ref ReadOnlySpan<char> rest, out ulong nanoseconds)
    {
        nanoseconds = 0;
        var whole = TakeDigits(ref rest);
        var fraction = ReadOnlySpan<char>.Empty;
        if (rest.StartsWith("."))
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
        }

        if (whole.IsEmpty && fraction.IsEmpty) return false;
        if (TakeUnit(ref rest) is not { } unit || !TryReadWhole(whole, out var number) || number > MagnitudeMax / unit) return false;
        nanoseconds = number * unit + ScaleFraction(fraction, unit);
        return nanoseconds <= MagnitudeMax;
    }

    private static ReadOnlySpan<char> TakeDigits(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        return digits;
    }

    private static ulong? TakeUnit(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(NumberDigits);
        var unit = end < 0 ? rest : rest[..end];
        rest = rest[unit.Length..];
        return unit switch
        {
            "ns" => 1,
            "us" or "\u00B5s" or "\u03BCs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => null,
        };
    }

    private static bool TryReadWhole(ReadOnlySpan<char> digits, out ulong number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (number > MagnitudeMax / 10) return false;
            number = number * 10 + (ulong)(digit - '0');
            if (number > MagnitudeMax) return false;
        }

        return true;
    }

    // As Go reckons: digits count as long as they fit 63 bits, and a double scales them, so that equal texts mean equal times there and here.
    private static ulong ScaleFraction(ReadOnlySpan<char> digits, ulong unit)
    {
        ulong number = 0;
        var scale = 1.0;
        foreach (var digit in digits)
        {
            if (number > long.MaxValue / 10) break;
            var longer = number * 10 + (ulong)(digit - '0');
            if (longer > MagnitudeMax) break;
            number = longer;
            scale *= 10;
        }

        return (ulong)(number * (unit / scale));
    }
}
