using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Membership.Protocol.Signing;

/// <summary>Standard base64 with padding, and only the one form that encoding gives: no white space, no stray bits at the end.</summary>
internal static class Base64Text
{
    /// <summary>Decodes a text.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes) => TryDecode(Encoding.UTF8.GetBytes(text), out bytes);

    /// <summary>Decodes the UTF-8 bytes of a text.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 != 0) return false;
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, decoded, out var read, out var written) != OperationStatus.Done || read != text.Length) return false;
        bytes = decoded.AsSpan(0, written).ToArray();
        return IsCanonicalForm(text, bytes);
    }

    // The decoder of the runtime skips white space, and promises nothing about the bits that the last digit has to spare.
    private static bool IsCanonicalForm(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes)
    {
        var encoded = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, encoded, out _, out var written);
        var isSame = text.SequenceEqual(encoded.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(encoded);
        return isSame;
    }
}
