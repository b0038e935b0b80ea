using NSec.Cryptography;

namespace Membership.Protocol.Signing;

/// <summary>Checks Ed25519 signatures.</summary>
internal static class Ed25519
{
    /// <summary>Whether the signature is this key's, over exactly these bytes. False for a key or a signature that is none.</summary>
    public static bool Verify(PublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var algorithm = SignatureAlgorithm.Ed25519;
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        key.CopyTo(bytes);
        return signature.Length == algorithm.SignatureSize
            && NSec.Cryptography.PublicKey.TryImport(algorithm, bytes, KeyBlobFormat.RawPublicKey, out var imported)
            && algorithm.Verify(imported!, data, signature);
    }
}
