using System.Security.Cryptography;
using System.Text;

namespace Membership.Tests.Scenarios;

/// <summary>
/// Verifiers and proofs as a replica makes them before it proposes. The state machine only compares their bytes, so another keyed hash
/// than the replica's serves as well.
/// </summary>
internal sealed class ScenarioTokens
{
    private static readonly byte[] Secret = new byte[32];

    private ulong _lastSalt;

    public TokenVerifier Verifier(string token)
    {
        var salt = new Salt(0, ++_lastSalt);
        return new(salt, Mac(salt, token));
    }

    public static TokenMac Mac(Salt salt, string token)
    {
        var input = new byte[Salt.Length + Encoding.UTF8.GetByteCount(token)];
        salt.CopyTo(input);
        Encoding.UTF8.GetBytes(token, input.AsSpan(Salt.Length));
        return new(HMACSHA256.HashData(Secret, input));
    }
}
