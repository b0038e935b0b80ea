namespace Membership.Protocol.Requests;

/// <summary>One request, read and checked as far as it can be without credentials and state.</summary>
/// <remarks>
/// Immutable; holds the bytes that it was read from, which must not change while it is used. Its text shows no credential.
/// </remarks>
public sealed class Request
{
    internal Request(string type, Command command, RequestContent content)
    {
        Type = type;
        Command = command;
        Content = content;
    }

    /// <summary>The command's word as it was sent; the answer's is this one with <c>_ok</c>.</summary>
    public string Type { get; }

    /// <summary>What is asked.</summary>
    public Command Command { get; }

    /// <summary>What makes it the same request when it is sent again.</summary>
    public RequestContent Content { get; }

    /// <summary>Its id; null when the answering replica's own session serves. Never null for a signed mutation.</summary>
    public RequestId? RequestId { get; internal init; }

    /// <summary>Sequences of its client up to this one are settled; below the request's own.</summary>
    public ulong? Settled { get; internal init; }

    /// <summary>An admin token or a network's, 0 to 256 UTF-8 bytes; null for none, and always for a signed request.</summary>
    public string? AdminToken { get; internal init; }

    /// <summary>A legacy signature as it was sent; null for none, and always for a signed request.</summary>
    public string? LegacySignature { get; internal init; }

    /// <summary>What was signed; null for a request that is not.</summary>
    public SignedClaims? Claims { get; internal init; }

    /// <summary>The command's word.</summary>
    public override string ToString() => Type;
}
