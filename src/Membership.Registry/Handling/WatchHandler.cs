using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Queries;
using Membership.Registry.Authentication;
using Membership.Replication;
using Membership.Replication.Watch;
using Membership.State;

namespace Membership.Registry.Handling;

/// <summary>Answers <c>watch</c>: a page of events, at once or as soon as there is one.</summary>
/// <remarks>
/// Source: command specification, section 6. Any replica answers, from the events that it has applied itself, once these are as fresh as the
/// request asks for. Thread-safe.
/// </remarks>
internal sealed class WatchHandler(
    MembershipReplica replica, RegistryOptions options, QueryHandler queries, TimeProvider time)
{
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(1);

    /// <summary>Writes the answer and returns who asked.</summary>
    /// <exception cref="ReplicaUnavailableException">The replica has stopped, or there is no state as fresh as that.</exception>
    public async ValueTask<Identity> HandleAsync(
        Request request, Watch watch, RequestSource source, AnswerWriter writer, CancellationToken token)
    {
        var (identity, state) = await queries.BeginAsync(request, watch, source, writer, token);
        if (state is null) return identity;
        await WaitForEventsOfAsync(state.Revision, token);
        identity = await HandleAsync(request, watch, identity, writer, token);
        if (identity.Code != Code.Ok) writer.WriteError(new(identity.Code));
        return identity;
    }

    // Events follow their state at once, but they follow it.
    private async ValueTask WaitForEventsOfAsync(ulong revision, CancellationToken token)
    {
        while (replica.ReadEvents(revision, 1, _ => false) is { OldestRevision: null } page && page.NextRevision <= revision)
            await Task.Delay(WaitStep, token);
    }

    private async ValueTask<Identity> HandleAsync(Request request, Watch watch, Identity identity, AnswerWriter writer, CancellationToken token)
    {
        var filter = new WatchFilter { Network = watch.Id, Node = watch.Node, Actions = watch.Actions.ToHashSet(StringComparer.Ordinal) };
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(watch.WaitMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, token);
        var from = watch.FromRevision;
        for (var hasWaited = false; ; hasWaited = true)
        {
            var (page, state) = Read(from, watch.Max, filter, identity.Actor);
            var hasSomething = page.OldestRevision is not null || !page.Events.IsEmpty;
            if (!hasWaited || hasSomething || state is not null)
            {
                // The credential may be replaced during the wait. What is watched may vanish, but that is the event that was waited for.
                state ??= replica.State;
                if (IsReplaced(identity.Actor, new(state))) return Identity.Refused(Code.StaleCredential);
                if (!(hasWaited && hasSomething) && FindRefusal(watch, identity.Actor, state) is { } refusal)
                {
                    writer.WriteError(new(refusal));
                    return identity;
                }
            }

            if (hasSomething || !await TryWaitAsync(page.NextRevision, either.Token, token))
            {
                Write(request, writer, page, () => Read(from, 1, filter, identity.Actor).Page);
                return identity;
            }

            from = page.NextRevision;
        }
    }

    // The state is taken once the page has an end, so it knows of everything that changed before any event of it. It is taken only for an
    // event that the filter selects: states that are read make applying dearer, and a thousand watchers wake with each event.
    private (EventPage Page, MembershipState? State) Read(ulong from, int max, WatchFilter filter, Actor? requester)
    {
        MembershipState? state = null;
        Viewer? viewer = null;
        var page = replica.ReadEvents(from, max, held =>
        {
            if (!filter.Selects(held)) return false;
            viewer ??= new(state ??= replica.State, requester, options.DirectoryAccess);
            return viewer.MaySee(held);
        });
        return (page, state);
    }

    private Code? FindRefusal(Watch watch, Actor? requester, MembershipState state)
    {
        if (watch.Node is { IsNobody: true }) return Code.NodeNotFound;
        if (watch.Id is not { } network || (requester is { IsAdmin: true } && !network.IsBackbone)) return null;
        var maySee = !network.IsBackbone && new Viewer(state, requester, options.DirectoryAccess).MaySee(network);
        return maySee ? null : Code.NetworkNotFound;
    }

    private static bool IsReplaced(Actor? requester, CredentialRecords records) => requester switch
    {
        { Kind: ActorKind.Node } node => records.PresentKey(node.Node)?.Version != node.Version,
        { Kind: ActorKind.NetworkAdmin } token => records.AdminToken(token.Network)?.Version != token.Version,
        _ => false,
    };

    /// <summary>False when the time is over.</summary>
    private async ValueTask<bool> TryWaitAsync(ulong from, CancellationToken either, CancellationToken token)
    {
        try
        {
            await replica.WaitForEventsAsync(from, either);
            return true;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return false;
        }
    }

    // A page that fits no frame is cut down to its first revision; one that does not fit even so is as good as gone: its outcome can be read.
    private void Write(Request request, AnswerWriter writer, EventPage page, Func<EventPage> readOne)
    {
        if (TryWrite(request, writer, page)) return;
        page = readOne();
        if (!TryWrite(request, writer, page)) TryWrite(request, writer, new([], page.NextRevision, page.NextRevision));
    }

    private bool TryWrite(Request request, AnswerWriter writer, EventPage page)
    {
        var answer = new WatchAnswer(page.Events, page.NextRevision, page.OldestRevision);
        return writer.WriteEvents(request, replica.Status.Revision, answer);
    }
}
