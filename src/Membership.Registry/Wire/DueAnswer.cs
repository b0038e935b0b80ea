namespace Membership.Registry.Wire;

/// <summary>An answer that a client is owed.</summary>
/// <param name="Answer">The answer, once it is there. Its bytes are held from then on.</param>
/// <param name="FrameBytes">Bytes of the request's frame that are held.</param>
/// <param name="Place">Where the request's room among those of its source is given back; null for nowhere.</param>
internal readonly record struct DueAnswer(Task<RegistryAnswer> Answer, long FrameBytes, SourcePlace? Place);
