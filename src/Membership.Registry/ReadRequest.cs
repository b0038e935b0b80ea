using Membership.Protocol.Requests;

namespace Membership.Registry;

/// <summary>The content of a frame, read: a request, or what is wrong with it.</summary>
/// <param name="Content">As it was received.</param>
/// <param name="Request">The request; null for none.</param>
/// <param name="Fault">Why there is none.</param>
internal readonly record struct ReadRequest(ReadOnlyMemory<byte> Content, Request? Request, RequestFault Fault)
{
    /// <summary>Reads a content.</summary>
    public static ReadRequest Of(ReadOnlyMemory<byte> content, RequestParser parser) =>
        parser.TryParse(content, out var request, out var fault) ? new(content, request, default) : new(content, null, fault);
}
