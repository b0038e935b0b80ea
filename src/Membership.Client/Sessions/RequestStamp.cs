namespace Membership.Client;

/// <summary>What a mutation says about its place in the session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Settled">Sequences up to this one are settled; null for none.</param>
internal readonly record struct RequestStamp(RequestId Id, ulong? Settled);
