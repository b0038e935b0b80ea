namespace Membership.Registry.Wire;

/// <summary>What came of reading one frame. Its default is the end: nothing more is to come.</summary>
/// <param name="Content">A copy of the content; null when there is none.</param>
/// <param name="Refusal">Why there is none; null at the end.</param>
internal readonly record struct ReceivedFrame(byte[]? Content, RegistryAnswer? Refusal)
{
    /// <summary>A whole frame.</summary>
    public static ReceivedFrame Of(byte[] content) => new(content, null);

    /// <summary>One that is not taken.</summary>
    public static ReceivedFrame Refused(RegistryAnswer answer) => new(null, answer);
}
