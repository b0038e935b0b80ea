namespace Membership.Client;

/// <summary>A request as it goes out, and goes out again: never changed, never signed anew.</summary>
internal sealed class SealedRequest
{
    /// <summary>Takes the content of the frame.</summary>
    /// <exception cref="ArgumentException">It is longer than a frame.</exception>
    public SealedRequest(string type, RequestId? id, ReadOnlySpan<byte> content)
    {
        (Type, Id, Frame) = (type, id, Protocol.Frames.Frame.Of(content));
    }

    /// <summary>The command's word; a success is this one with <c>_ok</c>.</summary>
    public string Type { get; }

    /// <summary>The id; null for a query.</summary>
    public RequestId? Id { get; }

    public ReadOnlyMemory<byte> Frame { get; }

    /// <summary>Whether it shows a token to whoever reads along.</summary>
    public bool ShowsToken { get; init; }

    /// <summary>Whether its time of issue is within it: the replicas then never apply it after its window.</summary>
    public bool IsSigned { get; init; }

    /// <summary>When it was sealed, as a timestamp of the client's clock.</summary>
    public long SealedAt { get; init; }
}
