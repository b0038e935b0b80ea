using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Membership.Audit;

/// <summary>The SHA-256 of the OpenSSL library that the framework uses on Linux, called without anything in between.</summary>
/// <remarks>Source: OpenSSL 3, <c>SHA256_Init</c>, <c>SHA256_Update</c>, <c>SHA256_Final</c>. Thread-safe; the caller's context is not.</remarks>
internal sealed unsafe class NativeSha256
{
    /// <summary>More than the library's own record of a hash under way has, which is 112 bytes.</summary>
    public const int ContextBytesMax = 256;

    private const string Library = "libcrypto.so.3";

    // The lengths at which a block ends, and an ordinary record.
    private static readonly int[] ProbedLengths = [0, 1, 55, 56, 64, 160, 1_000];

    // Too short to be worth telling the collector of, which then waits for the end of one.
    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int> _begin;
    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int> _add;
    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int> _end;

    private NativeSha256(nint begin, nint add, nint end)
    {
        _begin = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int>)begin;
        _add = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int>)add;
        _end = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int>)end;
    }

    /// <summary>The library's SHA-256; null where there is none, or where it does not agree with the framework's.</summary>
    public static NativeSha256? TryLoad()
    {
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad(Library, out var library)
            || !NativeLibrary.TryGetExport(library, "SHA256_Init", out var begin)
            || !NativeLibrary.TryGetExport(library, "SHA256_Update", out var add)
            || !NativeLibrary.TryGetExport(library, "SHA256_Final", out var end))
        {
            return null;
        }

        var found = new NativeSha256(begin, add, end);
        return Array.TrueForAll(ProbedLengths, found.AgreesAt) ? found : null;
    }

    /// <param name="context">Of <see cref="ContextBytesMax"/>; what is in it does not matter.</param>
    /// <param name="text">What is to be hashed.</param>
    /// <param name="sum">Room for 32 bytes.</param>
    public bool Hash(Span<byte> context, ReadOnlySpan<byte> text, Span<byte> sum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context.Length, ContextBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(sum.Length, SHA256.HashSizeInBytes);
        fixed (byte* state = context, bytes = text, result = sum)
        {
            return _begin(state) == 1 && _add(state, bytes, (nuint)text.Length) == 1 && _end(result, state) == 1;
        }
    }

    private bool AgreesAt(int length)
    {
        var text = new byte[length];
        for (var i = 0; i < length; i++) text[i] = (byte)(i * 31);
        var (context, sum) = (new byte[ContextBytesMax], new byte[SHA256.HashSizeInBytes]);
        return Hash(context, text, sum) && sum.AsSpan().SequenceEqual(SHA256.HashData(text));
    }
}
