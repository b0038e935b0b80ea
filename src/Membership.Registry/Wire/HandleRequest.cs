namespace Membership.Registry.Wire;

/// <summary>Answers a request that was read from a frame.</summary>
/// <param name="request">The request.</param>
/// <param name="source">Where it came from.</param>
/// <param name="turn">Its place behind others that are not answered yet; null when there are none.</param>
/// <param name="token">Gives up waiting.</param>
internal delegate ValueTask<RegistryAnswer> HandleRequest(ReadRequest request, RequestSource source, MutationTurn? turn, CancellationToken token);
