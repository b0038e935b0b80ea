using Membership.Protocol.Answers;

namespace Membership.Registry.Wire;

/// <summary>The answers that the endpoint gives by itself, before a handler sees the request.</summary>
internal static class ErrorContent
{
    /// <summary>To a frame of length 0 or over the limit. Where the next frame begins is unknown, so the connection ends with it.</summary>
    public static RegistryAnswer InvalidFrame { get; } = Make(Code.InvalidFrame, closeAfter: true);

    /// <summary>To a whole frame for which there is no room.</summary>
    public static RegistryAnswer Overloaded { get; } = Make(Code.Overloaded, closeAfter: false);

    /// <summary>To a frame, or a connection, that cannot even be taken in.</summary>
    public static RegistryAnswer OverloadedClosing { get; } = Make(Code.Overloaded, closeAfter: true);

    private static RegistryAnswer Make(Code code, bool closeAfter)
    {
        using var writer = new AnswerWriter();
        writer.WriteError(new(code));
        return new(writer.Json.ToArray(), closeAfter, HasShownCredential: false);
    }
}
