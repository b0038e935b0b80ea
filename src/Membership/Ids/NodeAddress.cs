using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Membership;

/// <summary>
/// The overlay address of a node in a network. As text: the network in decimal, a colon and three dot-separated groups of four
/// upper-case hex digits (network, high half of the node, low half), as in <c>1:0001.0000.03E9</c>.
/// </summary>
/// <param name="Network">The network, 0 to 65535.</param>
/// <param name="Node">The node.</param>
public readonly record struct NodeAddress(NetworkId Network, NodeId Node)
{
    private const int GroupsLength = 14;

    /// <summary>The address text.</summary>
    public override string ToString() => string.Create(
        NumberFormatInfo.InvariantInfo,
        $"{Network.Value}:{Network.Value:X4}.{Node.Value >> 16:X4}.{Node.Value & 0xFFFF:X4}");

    /// <summary>Reads an address text; hex digits in either case, both figures of the network must agree.</summary>
    /// <returns>False when the text is no address.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeAddress address)
    {
        address = default;
        var colon = text?.IndexOf(':') ?? -1;
        if (colon is < 1 or > 5 || text!.Length != colon + 1 + GroupsLength) return false;
        var groups = text.AsSpan(colon + 1);
        if (groups[4] != '.' || groups[9] != '.') return false;
        if ((text[0] == '0' && colon > 1)
            || !ushort.TryParse(text.AsSpan(0, colon), NumberStyles.None, NumberFormatInfo.InvariantInfo, out var network)
            || !TryParseGroup(groups[..4], out var repeated)
            || !TryParseGroup(groups[5..9], out var high)
            || !TryParseGroup(groups[10..], out var low)
            || network != repeated)
        {
            return false;
        }

        address = new(new(network), new((uint)high << 16 | low));
        return true;
    }

    private static bool TryParseGroup(ReadOnlySpan<char> digits, out ushort value) =>
        ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, NumberFormatInfo.InvariantInfo, out value);
}
