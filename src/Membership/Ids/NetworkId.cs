using System.Globalization;

namespace Membership;

/// <summary>Identifies a network: 1 to 65535. The default, 0, is the backbone, which no mutation may name.</summary>
/// <param name="Value">The number.</param>
public readonly record struct NetworkId(ushort Value) : IComparable<NetworkId>
{
    /// <summary>The backbone, network 0: every registered node is in it.</summary>
    public static NetworkId Backbone => default;

    /// <summary>Whether this is the backbone.</summary>
    public bool IsBackbone => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(NetworkId other) => Value.CompareTo(other.Value);

    /// <summary>The decimal number.</summary>
    public override string ToString() => Value.ToString(NumberFormatInfo.InvariantInfo);
#pragma warning disable CS1591 // comparisons by number
    public static bool operator <(NetworkId left, NetworkId right) => left.Value < right.Value;
    public static bool operator >(NetworkId left, NetworkId right) => left.Value > right.Value;
    public static bool operator <=(NetworkId left, NetworkId right) => left.Value <= right.Value;
    public static bool operator >=(NetworkId left, NetworkId right) => left.Value >= right.Value;
#pragma warning restore CS1591
}
