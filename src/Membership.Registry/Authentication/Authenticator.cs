using Membership.Mutations;
using Membership.Protocol.Requests;
using Membership.Queries;
using Membership.Registry.Wire;
using Membership.Replication;
using Membership.State;

namespace Membership.Registry.Authentication;

/// <summary>Finds out who asks: the first of signed request, legacy signature and admin token that a request shows.</summary>
/// <remarks>Source: command specification, section 5. Thread-safe.</remarks>
internal sealed class Authenticator(MembershipReplica replica, RegistryOptions options, AdminTokens tokens)
{
    /// <summary>What can be said of the credential that a request shows, or of its missing, without looking at it closer.</summary>
    public Code CheckPresentation(Request request, RequestSource source)
    {
        var isShown = request.Claims is not null || request.LegacySignature is not null || request.AdminToken is not null;
        var isSecret = isShown || request.Command is MutationCommand { CarriesToken: true };
        if (isSecret && !source.IsPrivate && !options.InsecurePlaintext) return Code.TlsRequired;
        if (isShown) return source is { Limits: { } limits, Memory.IsKnown: false } && !limits.MayTry(source.Address) ? Code.RateLimited : Code.Ok;
        return request.Command switch
        {
            MutationCommand { Mutation: RegisterNode } when options.Registration == RegistrationMode.Admin => Code.AdminRequired,
            { Credential: Credential.Admin } => Code.AdminRequired,
            { Credential: Credential.Any } => Code.SignatureRequired,
            _ => Code.Ok,
        };
    }

    /// <summary>Who asks, by the state held here; before it refuses for want of a record, by a state that is certainly not behind.</summary>
    /// <param name="request">The request.</param>
    /// <param name="turn">Its place behind requests that may make that record; null for none.</param>
    /// <param name="token">Gives up waiting.</param>
    /// <exception cref="ReplicaUnavailableException">No leader confirmed that state.</exception>
    public async ValueTask<Identity> IdentifyAsync(Request request, MutationTurn? turn, CancellationToken token)
    {
        // Such a token is in no state, and to look at one makes applying dearer.
        if (request is { Claims: null, LegacySignature: null, AdminToken: { } shown } && tokens.IdentifyConfigured(shown) is { } admin) return admin;
        var identity = EndsNode(request) ? Identity.RefusedByState(Code.UnknownSigner) : Identify(request, replica.State, isConfirmed: false);
        if (!identity.DependsOnState) return identity;
        if (turn is not null) await turn.WaitForThoseBeforeAsync();
        return Identify(request, await replica.ReadForClientAsync(token), isConfirmed: true);
    }

    /// <summary>Who asks, by this state.</summary>
    /// <param name="request">The request.</param>
    /// <param name="state">The state.</param>
    /// <param name="isConfirmed">Whether the state held every acknowledged change when the request came.</param>
    public Identity Identify(Request request, MembershipState state, bool isConfirmed)
    {
        var records = new CredentialRecords(state);
        if (request.Claims is { } claims)
        {
            return claims.Cluster == state.ClusterId
                ? SignedRequests.Identify(request, claims, records)
                : Identity.Refused(Code.WrongCluster);
        }

        if (request.LegacySignature is { } signature) return IdentifyLegacy(request, signature, records, isConfirmed);
        return request.AdminToken is { } token ? tokens.Identify(token, request.Command, records) : Identity.Nobody;
    }

    // A node that repeats it is nobody any more, and a state that is behind would let it in once more.
    private static bool EndsNode(Request request) => request is { Claims: not null, Command: MutationCommand { Mutation: DeregisterNode } };

    private Identity IdentifyLegacy(Request request, string signature, CredentialRecords records, bool isConfirmed)
    {
        var bySignature = options.LegacySignatures
            ? LegacySignatures.Identify(request.Command, signature, records)
            : Identity.Refused(Code.LegacyDisabled);
        if (bySignature.IsProven || request.AdminToken is not { } token) return bySignature;

        // Nobody is taken for an admin because this replica has not heard of their key yet.
        if (bySignature.DependsOnState && !isConfirmed) return bySignature;
        var byToken = tokens.Identify(token, request.Command, records);
        return byToken.IsProven || (byToken.DependsOnState && !isConfirmed) ? byToken : bySignature;
    }
}
