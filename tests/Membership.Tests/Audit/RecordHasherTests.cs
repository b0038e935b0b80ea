using System.Security.Cryptography;
using Membership.Audit;
using Xunit;

namespace Membership.Tests.Audit;

public sealed class RecordHasherTests
{
    [Fact]
    public void Every_length_is_hashed_as_the_framework_does()
    {
        var hasher = new RecordHasher();
        var bytes = new byte[5_000];
        new Random(1).NextBytes(bytes);
        var sum = new byte[32];
        foreach (var length in Enumerable.Range(0, 300).Append(bytes.Length))
        {
            hasher.Hash(bytes.AsSpan(0, length), sum);
            Assert.Equal(SHA256.HashData(bytes.AsSpan(0, length)), sum);
        }
    }

    [Fact]
    public void Without_the_library_the_framework_hashes()
    {
        var hasher = new RecordHasher(native: null);
        var sum = new byte[32];
        foreach (var record in new[] { "", "abc", "abc" })
        {
            hasher.Hash(System.Text.Encoding.UTF8.GetBytes(record), sum);
            Assert.Equal(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(record)), sum);
        }
    }

    [Fact]
    public void Room_that_is_too_small_is_refused()
    {
        if (NativeSha256.TryLoad() is not { } native) return;
        Assert.Throws<ArgumentOutOfRangeException>(() => native.Hash(new byte[8], [], new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => native.Hash(new byte[NativeSha256.ContextBytesMax], [], new byte[31]));
    }
}
