using System.Globalization;

namespace Membership.Replication.Configuration;

/// <summary>A replica's addresses and how new that knowledge is.</summary>
/// <param name="Address">The replica.</param>
/// <param name="Since">The log index behind which it was added with these addresses; 0 for a first member and for what options say.</param>
internal sealed record KnownReplica(ReplicaAddress Address, long Since)
{
    /// <summary>Bytes of the longest text: an id of 64, two names of DNS with their ports, a number, what separates them.</summary>
    public const int TextBytesMax = 64 + 2 * 261 + 20 + 3;

    /// <summary>As it stands in a configuration, on the disk and between peers: <c>since id raft peer</c>.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Since} {Address.Id} {ReplicaAddress.ToText(Address.RaftEndPoint)} {ReplicaAddress.ToText(Address.PeerEndPoint)}");

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static KnownReplica Parse(string text)
    {
        var parts = text.Split(' ');
        if (parts.Length != 4 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var since) || !State.MembershipState.IsClusterId(parts[1]))
            throw new FormatException($"'{text}' is no replica with its addresses.");
        return new(new(parts[1], ReplicaAddress.ParseEndPoint(parts[2]), ReplicaAddress.ParseEndPoint(parts[3])), since);
    }

    /// <summary>Reads what peers sent, and passes over what is something else.</summary>
    public static IEnumerable<KnownReplica> ParseAll(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            KnownReplica known;
            try
            {
                known = Parse(text);
            }
            catch (FormatException)
            {
                continue;
            }

            yield return known;
        }
    }
}
