namespace Membership.Registry.Wire;

/// <summary>Answers the content of one frame: <see cref="RegistryHandlers.HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>.</summary>
internal delegate ValueTask<RegistryAnswer> HandleRequest(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token);
