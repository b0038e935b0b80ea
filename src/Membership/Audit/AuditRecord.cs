namespace Membership.Audit;

/// <summary>
/// An audit record as the state keeps it: its MessagePack form alone, decoded only when somebody asks.
/// </summary>
/// <param name="Revision">The revision within the encoded form.</param>
/// <param name="Encoded">
/// The array <c>[number, revision, time, actor, actor_role, request_id, action, attributes, previous]</c>: three integers (time in
/// Unix ms), two texts, 16 bytes or nil, a text, a map from attribute name to value, and the 32 bytes of SHA-256 over the encoded
/// form of the record before (no bytes for the first record). Whoever holds the records can verify the chain by hashing them.
/// </param>
internal readonly record struct AuditRecord(ulong Revision, ReadOnlyMemory<byte> Encoded);
