using System.Collections.Immutable;

namespace Membership;

/// <summary>What the state holds about one member of one network. There is no second record that could disagree with it.</summary>
/// <param name="Role">Its role, never <see cref="Role.None"/>.</param>
/// <param name="JoinedAt">Cluster time of joining, Unix ms.</param>
/// <param name="JoinRevision">The revision of joining: members in join order are members by it.</param>
/// <param name="Tags">0 to 10 tags in the order given.</param>
public readonly record struct Member(Role Role, long JoinedAt, ulong JoinRevision, ImmutableArray<string> Tags);
