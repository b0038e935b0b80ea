using Membership.Formats;
using Membership.Mutations;

namespace Membership;

/// <summary>
/// A command that changes the state. It holds what was asked, typed and without any secret; it is always part of a log entry.
/// </summary>
/// <remarks>
/// One file holds one mutation: its fields, its checks in the order of the command specification, and its change. To add one: the
/// file, its row in <see cref="MutationKind"/> and <see cref="MutationFormat"/>, a scenario and a golden file.
/// </remarks>
public abstract record Mutation
{
    /// <summary>Which mutation this is.</summary>
    public abstract MutationKind Kind { get; }

    /// <summary>What is wrong with the request whatever the state is: node 0, the backbone. Nothing by default.</summary>
    internal virtual ShapeFault? CheckShape() => null;

    /// <summary>Writes the fields as one array.</summary>
    internal abstract void WriteFields(ref FieldWriter w);

    /// <summary>
    /// Decides: all checks first, in the order of the specification; when one fails its code comes back and nothing has changed. Then
    /// changes the state and says its events.
    /// </summary>
    internal abstract Code Apply(MutationContext c);
}
