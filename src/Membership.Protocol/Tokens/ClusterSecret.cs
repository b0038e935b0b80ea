using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using Membership.Protocol.Requests;

namespace Membership.Protocol.Tokens;

/// <summary>
/// The secret that all replicas of a cluster share. It keys the hashes that stand in the state instead of tokens, and those that stand
/// for the content of requests, so that a stolen snapshot says nothing about a short token.
/// </summary>
/// <remarks>
/// Source: command specification, section 5. Hashes of 32 and of 16 bytes never collide in use: BLAKE2b takes the length into its
/// parameters. Thread-safe, except that disposing is for one owner; the bytes live in memory that libsodium guards and wipes.
/// </remarks>
public sealed class ClusterSecret : IDisposable
{
    /// <summary>Bytes of the secret.</summary>
    public const int Bytes = 32;

    /// <summary>UTF-8 bytes of a token.</summary>
    public const int TokenBytesMax = 256;

    private static readonly Blake2bMac LongMac = new(Bytes, TokenMac.Length);
    private static readonly Blake2bMac ShortMac = new(Bytes, Fingerprint.Length);
    private readonly Key _longKey;
    private readonly Key _shortKey;

    /// <summary>Takes the secret.</summary>
    /// <param name="secret">32 bytes, which the caller wipes then.</param>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public ClusterSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Bytes) throw new ArgumentException("A cluster secret has 32 bytes.", nameof(secret));
        _longKey = Key.Import(LongMac, secret, KeyBlobFormat.RawSymmetricKey);
        _shortKey = Key.Import(ShortMac, secret, KeyBlobFormat.RawSymmetricKey);
        Id = Convert.ToHexStringLower(ShortMac.Mac(_shortKey, "membership cluster secret"u8));
    }

    /// <summary>Names the secret and says nothing about it: 32 hex digits.</summary>
    public string Id { get; }

    /// <summary>Reads the secret from a file of exactly 32 bytes.</summary>
    /// <exception cref="InvalidDataException">The file has another length.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ClusterSecret Load(string path)
    {
        Span<byte> bytes = stackalloc byte[Bytes + 1];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == Bytes
                ? new ClusterSecret(bytes[..Bytes])
                : throw new InvalidDataException($"{path} does not hold a cluster secret: exactly {Bytes} bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>What stands in the state instead of this token, under a salt drawn at random.</summary>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    public TokenVerifier MakeVerifier(string token)
    {
        Span<byte> salt = stackalloc byte[Salt.Length];
        RandomNumberGenerator.Fill(salt);
        return MakeVerifier(token, Salt.FromBytes(salt));
    }

    /// <summary>What stands in the state instead of this token, under this salt.</summary>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    /// <param name="salt">The salt.</param>
    public TokenVerifier MakeVerifier(string token, Salt salt) => new(salt, MacOf(salt, token));

    /// <summary>Whether this is the token that the verifier was made from; compared in constant time. An empty one is none.</summary>
    public bool Verify(TokenVerifier verifier, string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return MacOf(verifier.Salt, token) == verifier.Mac & token.Length > 0;
    }

    /// <summary>What a joining node's request carries instead of a token.</summary>
    /// <param name="token">The token given.</param>
    /// <param name="present">The verifier in force, whose salt and version are used.</param>
    public TokenProof MakeProof(string token, VersionedVerifier present) => new(present.Version, MacOf(present.Verifier.Salt, token));

    /// <summary>
    /// Stands for the content of a request: equal for the same bytes sent again, also under another admin token, on whichever replica.
    /// </summary>
    public Fingerprint FingerprintOf(RequestContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        IncrementalMac.Initialize(_shortKey, out var mac);
        for (var i = 0; i < content.Parts.Count; i++) IncrementalMac.Update(ref mac, content.Parts[i].Span);
        Span<byte> bytes = stackalloc byte[Fingerprint.Length];
        IncrementalMac.Finalize(ref mac, bytes);
        return Fingerprint.FromBytes(bytes);
    }

    /// <summary>Names an admin token in the audit trail: the same on every replica, and says nothing about the token without the secret.</summary>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    public uint AdminTokenId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        Span<byte> bytes = stackalloc byte[Fingerprint.Length];
        IncrementalMac.Initialize(_shortKey, out var mac);
        IncrementalMac.Update(ref mac, "membership admin token "u8);
        IncrementalMac.Update(ref mac, Encoding.UTF8.GetBytes(token));
        IncrementalMac.Finalize(ref mac, bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(ClusterSecret);

    /// <inheritdoc/>
    public void Dispose()
    {
        _longKey.Dispose();
        _shortKey.Dispose();
    }

    private TokenMac MacOf(Salt salt, string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        Span<byte> bytes = stackalloc byte[TokenMac.Length];
        Span<byte> saltBytes = stackalloc byte[Salt.Length];
        salt.CopyTo(saltBytes);
        IncrementalMac.Initialize(_longKey, out var mac);
        IncrementalMac.Update(ref mac, saltBytes);
        IncrementalMac.Update(ref mac, Encoding.UTF8.GetBytes(token));
        IncrementalMac.Finalize(ref mac, bytes);
        return new(bytes);
    }
}
