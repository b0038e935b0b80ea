using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.Registry.Authentication;
using Membership.Replication;
using Membership.State;

namespace Membership.Registry.Handling;

/// <summary>Proposes what a request asks, and answers with what became of it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MutationHandler(
    MembershipReplica replica, RegistryOptions options, ClusterSecret secret, Authenticator authenticator, TimeProvider time)
{
    private readonly RegistrationLimit _registrations = new(time);

    /// <summary>Writes the answer and returns who asked.</summary>
    /// <exception cref="ReplicaUnavailableException">Nothing happened: a state that had to be confirmed was not.</exception>
    public async ValueTask<Identity> HandleAsync(
        Request request, MutationCommand command, RequestSource source, AnswerWriter writer, CancellationToken token)
    {
        var identity = await authenticator.IdentifyAsync(request, token);
        var code = identity.Actor is { } claimant ? CheckRate(claimant, source) : identity.Code;
        if (code != Code.Ok)
        {
            writer.WriteError(new(code));
            return identity;
        }

        var actor = identity.Actor!.Value;
        var outcome = await ProposeAsync(request, command, actor, replica.State, token);
        if (outcome.Code == Code.StaleCredential)
        {
            var state = await replica.ReadAsync(token);
            identity = authenticator.Identify(request, state, isConfirmed: true);
            actor = identity.Actor ?? actor;
            outcome = identity.IsProven ? await ProposeAsync(request, command, actor, state, token) : new(identity.Code, 0);
        }

        await WriteAsync(request, command, outcome, actor, writer, token);
        return identity;
    }

    private Code CheckRate(Actor actor, RequestSource source)
    {
        if (actor.Kind == ActorKind.Node) return source.MutationRate?.TryTake(actor.Node) == false ? Code.RateLimited : Code.Ok;
        if (actor.Kind != ActorKind.Key) return Code.Ok;
        if (options.Registration != RegistrationMode.Proof) return Code.AdminRequired;
        return _registrations.TryTake(source.Address) ? Code.Ok : Code.RateLimited;
    }

    private async ValueTask<Outcome> ProposeAsync(
        Request request, MutationCommand command, Actor actor, MembershipState state, CancellationToken token)
    {
        var inputs = new StateInputs(state, secret);
        var mutation = command.Complete(inputs);
        if (inputs.HasRefusedToken) mutation = command.Complete(new StateInputs(await replica.ReadAsync(token), secret));
        if (request.RequestId is not { } id) return await replica.ProposeAsync(mutation, actor, token);
        var proposal = new Proposal(id, secret.FingerprintOf(request.Content), actor, mutation)
        {
            Settled = request.Settled,
            IssuedAt = request.Claims?.IssuedAt,
        };
        return await replica.ProposeAsync(proposal, token);
    }

    private async ValueTask WriteAsync(
        Request request, MutationCommand command, Outcome outcome, Actor actor, AnswerWriter writer, CancellationToken token)
    {
        if (outcome.Code == Code.ActorNotAMember && !MaySee(command.Network, actor)) outcome = outcome with { Code = Code.NetworkNotFound };
        writer.WriteOutcome(request, outcome, await PresentStateAsync(command, outcome, token), actor);
    }

    private bool MaySee(NetworkId? network, Actor actor) =>
        network is { } id && new Viewer(replica.State, actor, options.DirectoryAccess).GetNetwork(id).IsOk;

    // The outcome may be known from the leader before its entry is applied here.
    private async ValueTask<MembershipState> PresentStateAsync(MutationCommand command, Outcome outcome, CancellationToken token)
    {
        var state = replica.State;
        var tellsState = outcome.IsOk && command.Mutation is JoinNetwork or RespondInvite or SetNetworkPolicy;
        if (!tellsState || state.Revision >= outcome.Revision) return state;
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
