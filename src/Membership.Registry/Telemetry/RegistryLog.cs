using System.Net;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Telemetry;

/// <summary>
/// Everything that the registry logs, never a credential. The ids are stable and never reused; a summary says what an operator should do, and
/// the README's table is made of both. Ids below 300 are the replica's.
/// </summary>
internal static partial class RegistryLog
{
    /// <summary>Nothing, if it is a client that is not configured yet; many from one address are a guesser: close it out.</summary>
    [LoggerMessage(300, LogLevel.Information, "Refused the credential of {Command} from {Address}: {Code}.")]
    public static partial void CredentialRefused(this ILogger logger, string command, IPAddress? address, string code);

    /// <summary>See to the disk.</summary>
    [LoggerMessage(301, LogLevel.Error, "A snapshot could not be handed out.")]
    public static partial void SnapshotUnreadable(this ILogger logger, Exception problem);

    /// <summary>Report it, with the exception: a request must not throw. The client repeats it.</summary>
    [LoggerMessage(302, LogLevel.Error, "A request ended without an answer; its connection is closed.")]
    public static partial void RequestUnanswered(this ILogger logger, Exception problem);

    /// <summary>Report it, with the exception. The client repeats its request.</summary>
    [LoggerMessage(303, LogLevel.Error, "An answer could not be sent; its connection is closed.")]
    public static partial void AnswerUnsent(this ILogger logger, Exception problem);

    /// <summary>Nothing: clients may come.</summary>
    [LoggerMessage(304, LogLevel.Information, "Clients are served on {EndPoint}.")]
    public static partial void ServesClients(this ILogger logger, EndPoint endPoint);
}
