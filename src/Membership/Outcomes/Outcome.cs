using System.Runtime.InteropServices;

namespace Membership;

/// <summary>What became of one mutation: success with its scalar results, or a rejection with its code.</summary>
/// <param name="Code"><see cref="Code.Ok"/>, or why the mutation was rejected.</param>
/// <param name="Revision">
/// The revision at which it was first decided: a repetition gets the revision of the first time. 0 when nothing was proposed.
/// </param>
/// <param name="Results">The scalar results; all empty on a rejection.</param>
/// <param name="Repeated">Whether this is the stored outcome of an earlier attempt with the same request id.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Outcome(Code Code, ulong Revision, Results Results = default, bool Repeated = false)
{
    /// <summary>Whether the mutation succeeded.</summary>
    public bool IsOk => Code == Code.Ok;
}
