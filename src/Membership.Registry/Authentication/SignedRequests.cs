using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Registry.Authentication;

/// <summary>Who signed an envelope.</summary>
internal static class SignedRequests
{
    // Enough for every request that is still fresh, unless a node rotates for the sake of it; and a false signature costs so many checks.
    private const int FormerKeysMax = 16;

    public static Identity Identify(Request request, SignedClaims claims, CredentialRecords records)
    {
        if (request.Command is MutationCommand { Mutation: RegisterNode registration })
        {
            return claims.Envelope.Verify(registration.PublicKey)
                ? Identity.Proven(Actor.ForKey(registration.PublicKey))
                : Identity.Refused(Code.SignatureInvalid);
        }

        if (records.PresentKey(claims.Signer) is not { } present) return Identity.RefusedByState(Code.UnknownSigner);
        if (claims.Envelope.Verify(present.Key)) return Identity.Proven(Actor.ForNode(claims.Signer, present.Version));
        foreach (var former in records.FormerKeys(claims.Signer, FormerKeysMax))
        {
            if (claims.Envelope.Verify(former.Key))
                return Identity.Proven(Actor.ForNode(claims.Signer, former.Version)) with { IsByFormerKey = true };
        }

        return Identity.RefusedByState(Code.SignatureInvalid);
    }
}
