using System.Globalization;

namespace Membership;

/// <summary>Identifies a node: given out from 1 in increasing order, never reused. The default, 0, is nobody.</summary>
/// <param name="Value">The number.</param>
public readonly record struct NodeId(uint Value) : IComparable<NodeId>
{
    /// <summary>Nobody: node 0.</summary>
    public static NodeId Nobody => default;

    /// <summary>Whether this is nobody.</summary>
    public bool IsNobody => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>The decimal number.</summary>
    public override string ToString() => Value.ToString(NumberFormatInfo.InvariantInfo);
#pragma warning disable CS1591 // comparisons by number
    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;
    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;
    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;
    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;
#pragma warning restore CS1591
}
