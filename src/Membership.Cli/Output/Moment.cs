using System.Globalization;

namespace Membership.Cli.Output;

/// <summary>A time: in JSON the number of the wire, in a table a date in UTC.</summary>
/// <param name="Number">Unix time in the wire's unit.</param>
/// <param name="Text">The date.</param>
internal sealed record Moment(long Number, string Text)
{
    /// <summary>A time that the wire gives in Unix seconds.</summary>
    public static Moment OfSeconds(DateTimeOffset time) =>
        new(time.ToUnixTimeSeconds(), time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    /// <summary>A time that the wire gives in Unix milliseconds.</summary>
    public static Moment OfMilliseconds(DateTimeOffset time) =>
        new(time.ToUnixTimeMilliseconds(), time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public override string ToString() => Text;
}
