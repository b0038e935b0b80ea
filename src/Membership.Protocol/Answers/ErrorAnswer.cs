using Membership.Protocol.Requests;

namespace Membership.Protocol.Answers;

/// <summary>What goes out instead of a success: a code with its fixed text, never anything that the caller sent but a field's name.</summary>
/// <param name="Code">Why.</param>
/// <remarks>Source: command specification, 7 and 8.</remarks>
public sealed record ErrorAnswer(Code Code)
{
    /// <summary>For <see cref="Code.InvalidArgument"/>: the field.</summary>
    public string? Field { get; init; }

    /// <summary>For <see cref="Code.OutcomeUnknown"/>: the id under which to repeat the request.</summary>
    public RequestId? RequestId { get; init; }

    /// <summary>For <see cref="Code.NotLeader"/>: who leads, as far as is known.</summary>
    public string? Leader { get; init; }

    /// <summary>For <see cref="Code.AuditTruncated"/>: the oldest revision there is.</summary>
    public ulong? OldestRevision { get; init; }

    /// <summary>For a snapshot that is not held: the index of one that is.</summary>
    public long? SnapshotIndex { get; init; }

    /// <summary>The sentence that goes with the code.</summary>
    public string Text => Code == Code.InvalidArgument && Field is not null
        ? $"{Code.ToText()}: {Field} is missing (required) or wrong"
        : Code.ToText();

    /// <summary>The answer to a request that could not be read.</summary>
    public static ErrorAnswer From(RequestFault fault) => new(fault.Code) { Field = fault.Field };
}
