using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Membership.Maps;

/// <summary>
/// Asks the processor for memory that will be read soon, without waiting for it. It changes nothing but time; where there is no such
/// instruction it does nothing.
/// </summary>
/// <remarks>
/// An address is taken and not followed, so it does not matter that the collector may move what was there.
/// </remarks>
internal static class Prefetch
{
    /// <summary>So many keys are looked up together: enough that their waits overlap, few enough that nothing is pushed out before its use.</summary>
    public const int KeysMax = 16;

    private const int LineBytes = 64;
    private const int HeaderBytes = 8;
    private const int ArrayHeaderBytes = 16;

    /// <summary>The first fields of an object. Taking the address of one of them would first wait for the object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Object<T>(ref T? reference)
        where T : class
    {
        if (Sse.IsSupported) Sse.Prefetch0((byte*)Unsafe.As<T?, nint>(ref reference) + HeaderBytes);
    }

    /// <summary>The first items of an array, one at least. A reference to one of them would first wait for the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Array<T>(ref readonly T[] reference, int count)
    {
        if (!Sse.IsSupported) return;
        var at = (byte*)Unsafe.As<T[], nint>(ref Unsafe.AsRef(in reference));
        var last = at + ArrayHeaderBytes + (count * Unsafe.SizeOf<T>()) - 1;
        for (; at < last; at += LineBytes) Sse.Prefetch0(at);
        Sse.Prefetch0(last);
    }
}
