using Membership.Mutations;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.Registry.Authentication;
using Membership.Registry.Wire;
using Membership.Replication;
using Membership.State;

namespace Membership.Registry.Handling;

/// <summary>Proposes what a request asks, and answers with what became of it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MutationHandler(
    MembershipReplica replica, RegistryOptions options, ClusterSecret secret, Authenticator authenticator, MutationLimits limits)
{
    /// <summary>Writes the answer and returns who asked.</summary>
    /// <exception cref="ReplicaUnavailableException">Nothing happened: a state that had to be confirmed was not.</exception>
    public async ValueTask<Identity> HandleAsync(
        Request request, MutationCommand command, RequestSource source, MutationTurn? turn, AnswerWriter writer, CancellationToken token)
    {
        var identity = await authenticator.IdentifyAsync(request, turn, token);
        if (turn is not null && !MayFollow(identity))
        {
            await turn.WaitForThoseBeforeAsync();
            turn = null;
            identity = await authenticator.IdentifyAsync(request, turn: null, token);
        }

        (NodeId, RequestId)? place = null;
        try
        {
            var code = identity.Code;
            if (identity.IsProven) code = source.Memory is { IsRefusing: true } ? Code.Overloaded : limits.TryBegin(request, identity, source, out place);
            if (code != Code.Ok)
            {
                writer.WriteError(new(code));
                return identity;
            }

            var actor = identity.Actor!.Value;
            var proposing = ProposeAsync(request, command, actor, turn is null ? null : source.Memory?.LaneOf(replica), token);
            turn?.Pass();
            var outcome = await proposing;
            if (outcome.Code == Code.StaleCredential)
            {
                (identity, outcome) = await TryAgainAsync(request, command, identity, turn, token);
                actor = identity.Actor ?? actor;
            }

            source.Memory?.Remember(outcome.Revision);
            if (outcome is { Code: Code.Overloaded or Code.Unavailable or Code.OutcomeUnknown, Revision: 0 }) source.Memory?.Refuse();
            await WriteAsync(request, command, outcome, actor, writer, token);
            return identity;
        }
        finally
        {
            limits.End(place);
        }
    }

    // A network's token may be set anew to the same text, so a new try under it can succeed, and must not come behind what followed.
    private static bool MayFollow(Identity identity) => identity.Actor is { Kind: ActorKind.Admin or ActorKind.Node };

    // Under the same request id, by a state that is certainly not behind.
    private async ValueTask<(Identity Identity, Outcome Outcome)> TryAgainAsync(
        Request request, MutationCommand command, Identity identity, MutationTurn? turn, CancellationToken token)
    {
        if (turn is not null) await turn.WaitForThoseBeforeAsync();
        var state = await replica.ReadForClientAsync(token);
        identity = authenticator.Identify(request, state, isConfirmed: true);
        return identity.Actor is { } actor
            ? (identity, await ProposeAsync(request, Complete(command, state), actor, lane: null, token))
            : (identity, new(identity.Code, 0));
    }

    private Task<Outcome> ProposeAsync(Request request, MutationCommand command, Actor actor, ProposalLane? lane, CancellationToken token)
    {
        var inputs = new StateInputs(() => replica.State, secret);
        var mutation = command.Complete(inputs);
        return inputs.HasRefusedToken
            ? ProposeConfirmedAsync(request, command, actor, lane, token)
            : ProposeAsync(request, mutation, actor, lane, token);
    }

    private async Task<Outcome> ProposeConfirmedAsync(
        Request request, MutationCommand command, Actor actor, ProposalLane? lane, CancellationToken token)
    {
        var mutation = Complete(command, await replica.ReadForClientAsync(token));
        return await ProposeAsync(request, mutation, actor, lane, token);
    }

    private Mutation Complete(MutationCommand command, MembershipState state) => command.Complete(new StateInputs(() => state, secret));

    private Task<Outcome> ProposeAsync(Request request, Mutation mutation, Actor actor, ProposalLane? lane, CancellationToken token)
    {
        // One that follows nothing has an order of its own.
        lane ??= replica.OpenClientLane();

        // A legacy signature covers no id: beside one it may be anybody's, and would settle what the node still waits for.
        var isLegacy = request.Claims is null && actor.Kind is (ActorKind.Node or ActorKind.Key);
        if (request.RequestId is not { } id || isLegacy)
            return lane.ProposeAsync(mutation, actor, token);
        var proposal = new Proposal(id, secret.FingerprintOf(request.Content), actor, mutation)
        {
            Settled = request.Settled,
            IssuedAt = request.Claims?.IssuedAt,
        };
        return lane.ProposeAsync(proposal, token);
    }

    private async ValueTask WriteAsync(
        Request request, MutationCommand command, Outcome outcome, Actor actor, AnswerWriter writer, CancellationToken token)
    {
        if (outcome.Code == Code.ActorNotAMember && !MaySee(command.Network, actor)) outcome = outcome with { Code = Code.NetworkNotFound };
        writer.WriteOutcome(request, outcome, await PresentStateAsync(command, outcome, token), actor);
    }

    private bool MaySee(NetworkId? network, Actor actor) =>
        network is { } id && new Viewer(replica.State, actor, options.DirectoryAccess).GetNetwork(id).IsOk;

    // Null when nothing of it goes into the answer.
    private ValueTask<MembershipState?> PresentStateAsync(MutationCommand command, Outcome outcome, CancellationToken token) => command.Mutation switch
    {
        _ when !outcome.IsOk => default,
        SetNetworkPolicy => PresentStateAsync(outcome.Revision, token),
        JoinNetwork join => PresentDocumentsAsync(join.Network, outcome.Revision, token),
        RespondInvite { Accept: true } answer => PresentDocumentsAsync(answer.Network, outcome.Revision, token),
        _ => default,
    };

    // Who joins is told the network's documents. Most have none, and then the state is not looked at.
    private async ValueTask<MembershipState?> PresentDocumentsAsync(NetworkId network, ulong revision, CancellationToken token)
    {
        var plain = replica.PlainNetworks;
        if (plain.Contains(network, revision)) return null;
        var mark = plain.Mark;
        var state = await PresentStateAsync(revision, token);
        var found = new Viewer(state!, requester: null, DirectoryAccess.Open).GetNetwork(network);
        if (found.Answer is { Rules: null, HasExprPolicy: false }) plain.Learn(network, mark);
        return state;
    }

    // The outcome may be known from the leader before its entry is applied here.
    private async ValueTask<MembershipState?> PresentStateAsync(ulong revision, CancellationToken token)
    {
        var state = replica.State;
        if (state.Revision >= revision) return state;
        try
        {
            return await replica.ReadAsync(token);
        }
        catch (ReplicaUnavailableException)
        {
            return state;
        }
    }
}
