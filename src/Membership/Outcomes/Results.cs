namespace Membership;

/// <summary>
/// The scalar results of a mutation. Whatever else an answer holds is in the request itself, is computed from ids, or is read from
/// the present state.
/// </summary>
/// <param name="Node">The node made, found or replaced (<c>node_id</c>, <c>old_owner</c>).</param>
/// <param name="Network">The network made.</param>
/// <param name="Role">The role given.</param>
/// <param name="Number">The key version (<c>key_version</c>) or the number of pre-assignments (<c>count</c>).</param>
/// <param name="Flag">It was there before: <c>existing</c>, <c>already_invited</c>.</param>
/// <remarks>Source: command specification, section 5: at most 32 bytes.</remarks>
public readonly record struct Results(
    NodeId Node = default, NetworkId Network = default, Role Role = default, uint Number = 0, bool Flag = false);
