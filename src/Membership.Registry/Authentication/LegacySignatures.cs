using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Queries;

namespace Membership.Registry.Authentication;

/// <summary>Who made a stock client's signature: over a fixed text, by the present key alone, without freshness.</summary>
internal static class LegacySignatures
{
    public static Identity Identify(Command command, string signature, CredentialRecords records)
    {
        if (command.Challenge is not { } challenge) return Identity.Refused(Code.SignatureInvalid);
        if (command is MutationCommand { Mutation: RegisterNode registration })
        {
            return SignedText.Verify(registration.PublicKey, challenge.Text, signature)
                ? Identity.Proven(Actor.ForKey(registration.PublicKey))
                : Identity.Refused(Code.SignatureInvalid);
        }

        if (records.PresentKey(challenge.Signer) is not { } present) return Identity.RefusedByState(Code.UnknownSigner);
        return SignedText.Verify(present.Key, challenge.Text, signature)
            ? Identity.Proven(Actor.ForNode(challenge.Signer, present.Version))
            : Identity.RefusedByState(Code.SignatureInvalid);
    }
}
