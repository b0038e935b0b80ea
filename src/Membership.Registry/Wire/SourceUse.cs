using System.Net;

namespace Membership.Registry.Wire;

/// <summary>What one source takes at a time.</summary>
/// <param name="source">The source.</param>
/// <remarks>Requests from any thread; connections are counted by <see cref="SourceLimits"/> under its lock.</remarks>
internal sealed class SourceUse(IPAddress source)
{
    private int _requests;

    /// <summary>The source.</summary>
    public IPAddress Source => source;

    /// <summary>Its connections.</summary>
    public int Connections { get; set; }

    /// <summary>Counts a request, unless there are so many already.</summary>
    public bool TryBegin(int max)
    {
        if (Interlocked.Increment(ref _requests) <= max) return true;
        End();
        return false;
    }

    /// <summary>A request is over.</summary>
    public void End() => Interlocked.Decrement(ref _requests);
}
