using System.Security.Cryptography;
using System.Text;

namespace Membership.Protocol.Signing;

/// <summary>Comparisons of secrets that take the same time wherever the difference is.</summary>
public static class ConstantTime
{
    /// <summary>
    /// Whether two texts are equal. Their hashes are compared, so that not even the length of the expected one shows in the time. An
    /// empty text equals nothing.
    /// </summary>
    public static bool AreEqual(string given, string expected)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(expected);
        Span<byte> hashes = stackalloc byte[2 * SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(given), hashes);
        SHA256.HashData(Encoding.UTF8.GetBytes(expected), hashes[SHA256.HashSizeInBytes..]);
        var areEqual = CryptographicOperations.FixedTimeEquals(hashes[..SHA256.HashSizeInBytes], hashes[SHA256.HashSizeInBytes..]);
        return areEqual & given.Length > 0;
    }
}
