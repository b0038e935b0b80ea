namespace Membership.Registry;

/// <summary>The answer to one request, and what the endpoint has to know of the request for its own limits.</summary>
/// <param name="Content">The content of the answer's frame: one JSON object, at most 4 MiB.</param>
/// <param name="CloseAfter">Whether the connection is to be closed once the answer is sent.</param>
/// <param name="HasShownCredential">Whether the request carried a credential that was verified.</param>
public readonly record struct RegistryAnswer(ReadOnlyMemory<byte> Content, bool CloseAfter, bool HasShownCredential);
