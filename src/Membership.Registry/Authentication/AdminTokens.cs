using System.Collections.Immutable;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Protocol.Tokens;
using Membership.Queries;

namespace Membership.Registry.Authentication;

/// <summary>Whose token it is: one of the configured ones, then the admin token of the network that the request names.</summary>
internal sealed class AdminTokens(RegistryOptions options, ClusterSecret secret)
{
    private readonly ImmutableArray<(string Token, uint Id)> _configured = [.. options.AdminTokens.Select(token => (token, secret.AdminTokenId(token)))];
    private readonly Role _level = options.NetworkAdminCountsAsOwner ? Role.Owner : Role.Admin;

    public Identity Identify(string token, Command command, CredentialRecords records)
    {
        if (IdentifyConfigured(token) is { } admin) return admin;
        if (command.Network is not { IsBackbone: false } network) return Identity.Refused(RefusalOf(command));
        return records.AdminToken(network) is { } present && secret.Verify(present.Verifier, token)
            ? Identity.Proven(Actor.NetworkAdmin(network, present.Version, _level))
            : Identity.RefusedByState(RefusalOf(command));
    }

    /// <summary>The admin whose token it is; null for none.</summary>
    public Identity? IdentifyConfigured(string token) => Find(token) is { } id ? Identity.Proven(Actor.Admin(id)) : null;

    // Compares with every one, so that the time does not tell which it was.
    private uint? Find(string token)
    {
        uint? found = null;
        foreach (var (configured, id) in _configured)
        {
            if (ConstantTime.AreEqual(token, configured)) found = id;
        }

        return token.Length == 0 ? null : found;
    }

    private Code RefusalOf(Command command)
    {
        var couldBeOfNetwork = command is { Network.IsBackbone: false, Credential: not Credential.Admin };
        return _configured.IsEmpty && !couldBeOfNetwork ? Code.AdminDisabled : Code.AdminTokenInvalid;
    }
}
