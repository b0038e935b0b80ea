using System.Collections.Immutable;

namespace Membership.Tests.Golden;

/// <summary>The values within golden samples: recognizable bytes, no meaning.</summary>
internal static class GoldenValues
{
    public static RequestId Id => new(0x0011223344556677, 42);

    public static Fingerprint Content => new(0x8899AABBCCDDEEFF, 0x0123456789ABCDEF);

    public static ReadOnlyMemory<byte> ExprPolicy => "{\"version\":1,\"rules\":[{}]}"u8.ToArray();

    public static PublicKey Key(byte seed) => new(Run(seed, PublicKey.Length));

    public static TokenVerifier Verifier(byte seed) => new(new Salt(seed, 2), new TokenMac(Run(seed, TokenMac.Length)));

    // seed, seed + 1, seed + 2, …
    public static byte[] Run(byte seed, int length) => [.. Enumerable.Range(seed, length).Select(value => (byte)value)];
}
