using NSec.Cryptography;

namespace Membership.Protocol.Signing;

/// <summary>The private key of a node: signs its requests. Dispose it, and its bytes are wiped.</summary>
/// <remarks>Thread-safe, except that disposing is for one owner.</remarks>
public sealed class NodeKey : IDisposable
{
    /// <summary>Bytes of a seed, from which the whole key follows.</summary>
    public const int SeedBytes = 32;

    private readonly Key _key;

    private NodeKey(Key key)
    {
        _key = key;
        PublicKey = new(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public key that goes with it.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>A new key, drawn at random.</summary>
    /// <param name="seed">Filled with the seed to keep: 32 bytes, a secret.</param>
    /// <exception cref="ArgumentException">There is not room for exactly 32 bytes.</exception>
    public static NodeKey Create(Span<byte> seed)
    {
        if (seed.Length != SeedBytes) throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        System.Security.Cryptography.RandomNumberGenerator.Fill(seed);
        return FromSeed(seed);
    }

    /// <summary>The key of this seed.</summary>
    /// <param name="seed">32 bytes, which the caller may wipe then.</param>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static NodeKey FromSeed(ReadOnlySpan<byte> seed) => seed.Length == SeedBytes
        ? new(Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey))
        : throw new ArgumentException("A seed has 32 bytes.", nameof(seed));

    /// <summary>Signs bytes: 64 bytes.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(_key, data);

    /// <summary>Signs the UTF-8 bytes of a text, such as a legacy challenge or a rotation's proof: standard base64.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public string SignText(string text) => Convert.ToBase64String(Sign(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
