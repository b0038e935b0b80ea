using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Membership.Protocol.Requests;
using Membership.Protocol.Tokens;
using Membership.Queries;

namespace Membership.Registry.Authentication;

/// <summary>Whose token it is: one of the configured ones, then the admin token of the network that the request names.</summary>
internal sealed class AdminTokens(RegistryOptions options, ClusterSecret secret)
{
    private readonly ImmutableArray<(byte[] Hash, uint Id)> _configured = [.. options.AdminTokens.Select(token => (HashOf(token), secret.AdminTokenId(token)))];
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

    // Hashes are compared, so that not even a length shows in the time; and with every one, so that it does not tell which it was.
    private uint? Find(string token)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(token, given);
        uint? found = null;
        foreach (var (hash, id) in _configured)
        {
            if (CryptographicOperations.FixedTimeEquals(given, hash)) found = id;
        }

        return token.Length == 0 ? null : found;
    }

    private static byte[] HashOf(string token)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Hash(token, hash);
        return hash;
    }

    // A request's token has at most so many bytes; a configured one may have any number.
    private static void Hash(string token, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[ClusterSecret.TokenBytesMax];
        if (Encoding.UTF8.TryGetBytes(token, bytes, out var written)) SHA256.HashData(bytes[..written], hash);
        else SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
    }

    private Code RefusalOf(Command command)
    {
        var couldBeOfNetwork = command is { Network.IsBackbone: false, Credential: not Credential.Admin };
        return _configured.IsEmpty && !couldBeOfNetwork ? Code.AdminDisabled : Code.AdminTokenInvalid;
    }
}
