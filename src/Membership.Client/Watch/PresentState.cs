using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>
/// The events that were to come next are gone, and this is what is there instead, at one revision: forget what was known. The events after
/// it follow.
/// </summary>
/// <param name="OldestRevision">The oldest revision whose events the replica held.</param>
/// <param name="Revision">The revision of all that stands here.</param>
/// <param name="Networks">Those that the filter selects and the client may see, by id, without the backbone.</param>
/// <param name="Inbox">The invites of <see cref="WatchFilter.Node"/>, for itself and admins; else none.</param>
public sealed record PresentState(
    ulong OldestRevision, ulong Revision, ImmutableArray<PresentNetwork> Networks, ImmutableArray<ReceivedInvite> Inbox) : WatchItem;

/// <summary>A network with what is in it.</summary>
/// <param name="Network">The network. How many <see cref="NetworkInfo.Members"/> it has is for admins.</param>
/// <param name="Members">Its members in join order; with <see cref="WatchFilter.Node"/> that one alone.</param>
/// <param name="Invites">Its pending invites, for those who manage it; else none.</param>
public sealed record PresentNetwork(NetworkInfo Network, ImmutableArray<MemberInfo> Members, ImmutableArray<NetworkInvite> Invites);
