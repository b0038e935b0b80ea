namespace Membership.Registry.Wire;

/// <summary>Counts the bytes that all clients together hold in this replica's memory.</summary>
/// <param name="max">The most.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class UnansweredBytes(long max)
{
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Takes room for bytes that a client sends.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="isTrusted">Whether the connection has shown a valid credential: strangers can fill half of the room and no more.</param>
    /// <returns>False when there is no room; nothing is taken then.</returns>
    public bool TryTake(long bytes, bool isTrusted)
    {
        if (Interlocked.Add(ref _held, bytes) <= (isTrusted ? max : max / 2)) return true;
        Release(bytes);
        return false;
    }

    /// <summary>Takes room for an answer, which is there already: it may exceed the most, and then no frame is taken until it is sent.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _held, bytes);

    /// <summary>Gives room back.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);
}
