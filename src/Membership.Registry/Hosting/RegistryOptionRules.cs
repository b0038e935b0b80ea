using System.Text;
using Membership.Protocol.Frames;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.Registry.Wire;
using static Membership.Replication.Hosting.OptionProblem;

namespace Membership.Registry.Hosting;

/// <summary>What the options of the registry and of its endpoint have to be.</summary>
internal static class RegistryOptionRules
{
    /// <summary>A sentence for each option that is wrong: what it is, and what to set it to. A token shows in none.</summary>
    public static IEnumerable<string> FindProblems(RegistryOptions o) => new[]
    {
        Unless(Enum.IsDefined(o.DirectoryAccess), nameof(o.DirectoryAccess), (int)o.DirectoryAccess, string.Join(" or ", Enum.GetNames<DirectoryAccess>())),
        Unless(Enum.IsDefined(o.Registration), nameof(o.Registration), (int)o.Registration, string.Join(" or ", Enum.GetNames<RegistrationMode>())),
    }.Concat(o.AdminTokens.Select(TokenProblem)).OfType<string>();

    /// <summary>A sentence for each limit that is wrong.</summary>
    public static IEnumerable<string> FindProblems(WireOptions o) => new[]
    {
        Unless(o.ConnectionsMax >= 1, nameof(o.ConnectionsMax), o.ConnectionsMax, "1 or more"),
        Unless(o.ConnectionsPerSourceMax >= 1, nameof(o.ConnectionsPerSourceMax), o.ConnectionsPerSourceMax, "1 or more"),
        Unless(o.InFlightPerSourceMax >= 1, nameof(o.InFlightPerSourceMax), o.InFlightPerSourceMax, "1 or more"),
        Unless(
            o.FailedCredentialsPerMinute is >= 1 and <= 60_000_000, nameof(o.FailedCredentialsPerMinute), o.FailedCredentialsPerMinute, "1 to 60000000"),
        Unless(o.InFlightMax >= 1, nameof(o.InFlightMax), o.InFlightMax, "1 or more"),
        Unless(o.UnansweredBytesMax >= 1, nameof(o.UnansweredBytesMax), o.UnansweredBytesMax, "1 or more"),
        Unless(o.FrameBytesMax is >= 1 and <= Frame.BytesMax, nameof(o.FrameBytesMax), o.FrameBytesMax, $"1 to {Frame.BytesMax}"),
        Unless(
            o.AnonymousFrameBytesMax >= 1 && o.AnonymousFrameBytesMax <= o.FrameBytesMax, nameof(o.AnonymousFrameBytesMax), o.AnonymousFrameBytesMax,
            $"1 to {nameof(o.FrameBytesMax)}, {o.FrameBytesMax}"),
        Unless(o.NodeMutationsPerSecond is >= 1 and <= 10_000_000, nameof(o.NodeMutationsPerSecond), o.NodeMutationsPerSecond, "1 to 10000000"),
        Unless(o.NodeMutationsBurst >= 1, nameof(o.NodeMutationsBurst), o.NodeMutationsBurst, "1 or more"),
        Unless(o.IdleTimeout > TimeSpan.Zero, nameof(o.IdleTimeout), o.IdleTimeout, "more than 0, such as 00:05:00"),
        Unless(o.StallTimeout > TimeSpan.Zero, nameof(o.StallTimeout), o.StallTimeout, "more than 0, such as 00:00:10"),
    }.OfType<string>();

    private static string? TokenProblem(string token, int place)
    {
        var bytes = Encoding.UTF8.GetByteCount(token);
        return bytes is >= 1 and <= ClusterSecret.TokenBytesMax
            ? null
            : $"{nameof(RegistryOptions.AdminTokens)} has {bytes} bytes at place {place}: set it to a token of 1 to {ClusterSecret.TokenBytesMax} UTF-8 bytes.";
    }
}
