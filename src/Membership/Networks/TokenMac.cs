using System.Security.Cryptography;

namespace Membership;

/// <summary>A keyed hash of 32 bytes over salt and token; equality takes the same time whatever the bytes are.</summary>
public readonly record struct TokenMac
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[]? _bytes;

    /// <summary>Takes the hash from its bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public TokenMac(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("A token's hash has 32 bytes.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    /// <summary>The bytes; empty for the default value, which equals no hash of a token.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Compares in constant time.</summary>
    public bool Equals(TokenMac other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes is null ? 0 : BitConverter.ToInt32(_bytes);

    /// <summary>Never the bytes: a hash of a short token is worth guessing at.</summary>
    public override string ToString() => nameof(TokenMac);
}
