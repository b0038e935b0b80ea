namespace Membership.Cli.Output;

/// <summary>A JSON value that is handed on as it came.</summary>
/// <param name="Text">Its text.</param>
internal sealed record RawJson(string Text)
{
    /// <summary>The value; null when there is none.</summary>
    public static RawJson? Of(string? text) => text is null ? null : new(text);

    public override string ToString() => Text;
}
