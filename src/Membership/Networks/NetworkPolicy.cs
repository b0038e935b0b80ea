using System.Collections.Immutable;

namespace Membership;

/// <summary>The policy of a network.</summary>
/// <param name="MaxMembers">0 to 10000 members; 0 is no limit.</param>
/// <param name="AllowedPorts">Up to 100 different ports, each 1 to 65535, in the order given.</param>
/// <param name="Description">Up to 256 UTF-8 bytes without control characters.</param>
public sealed record NetworkPolicy(int MaxMembers, ImmutableArray<ushort> AllowedPorts, string Description)
{
    /// <summary>No limit, no ports, no description: what a network starts with.</summary>
    public static NetworkPolicy None { get; } = new(0, [], "");

    /// <summary>Equal when all three fields are, the ports in order.</summary>
    public bool Equals(NetworkPolicy? other) =>
        other is not null
        && MaxMembers == other.MaxMembers
        && Description == other.Description
        && AllowedPorts.AsSpan().SequenceEqual(other.AllowedPorts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => MaxMembers ^ (AllowedPorts.Length << 16);
}
