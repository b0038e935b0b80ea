using System.Security.Cryptography;

namespace Membership.Audit;

/// <summary>SHA-256 of short texts, many of them. One instance serves one thread.</summary>
/// <remarks>
/// What the framework offers goes through the general interface of OpenSSL, which takes several times as long to set up and to end as an audit
/// record takes to hash. So OpenSSL's own SHA-256 is called where it is found, and where it agrees with the framework's on a few texts;
/// else the framework's is. It is the only call of the core into native code, and both are the same function of the bytes.
/// </remarks>
internal sealed class RecordHasher
{
    private static readonly NativeSha256? Found = NativeSha256.TryLoad();

    private readonly NativeSha256? _native;
    private readonly byte[] _context;
    private readonly IncrementalHash? _framework;

    /// <summary>By whatever is fastest here.</summary>
    public RecordHasher()
        : this(Found)
    {
    }

    /// <summary>By the library's, or by the framework's when it is null.</summary>
    public RecordHasher(NativeSha256? native)
    {
        _native = native;
        _context = native is null ? [] : new byte[NativeSha256.ContextBytesMax];
        _framework = native is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    /// <summary>Hashes one.</summary>
    /// <param name="record">What is to be hashed.</param>
    /// <param name="sum">Room for 32 bytes.</param>
    /// <exception cref="CryptographicException">The library failed, which it has no reason to.</exception>
    public void Hash(ReadOnlySpan<byte> record, Span<byte> sum)
    {
        if (_native is { } native)
        {
            if (!native.Hash(_context, record, sum)) throw new CryptographicException("OpenSSL could not hash a record.");
            return;
        }

        _framework!.AppendData(record);
        _framework.GetHashAndReset(sum);
    }
}
