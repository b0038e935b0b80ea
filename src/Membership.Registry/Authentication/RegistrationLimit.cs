using System.Net;
using Membership.Registry.Wire;

namespace Membership.Registry.Authentication;

/// <summary>Counts registrations by proof: so many within any minute from one address.</summary>
/// <remarks>Thread-safe. Holds a bounded number of addresses; while all of them are in use, new ones wait.</remarks>
internal sealed class RegistrationLimit(TimeProvider time)
{
    private const int AddressesMax = 65_536;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<IPAddress, Queue<long>> _taken = [];
    private long _lastCleaned = time.GetTimestamp();

    /// <summary>Takes one registration; false when there is none left for this address now. Callers within the process have no limit.</summary>
    public bool TryTake(IPAddress? address)
    {
        if (address is null) return true;
        address = SourceLimits.NetworkOf(address);
        var now = time.GetTimestamp();
        lock (_sync)
        {
            RemoveIdle(now);
            if (!_taken.TryGetValue(address, out var times))
            {
                if (_taken.Count >= AddressesMax) return false;
                _taken.Add(address, times = new());
            }

            while (times.TryPeek(out var first) && IsOver(first, now)) times.Dequeue();
            if (times.Count >= RegistryOptions.RegistrationsPerMinuteMax) return false;
            times.Enqueue(now);
            return true;
        }
    }

    private void RemoveIdle(long now)
    {
        if (!IsOver(_lastCleaned, now)) return;
        _lastCleaned = now;
        foreach (var (address, times) in _taken)
        {
            if (IsOver(times.Last(), now)) _taken.Remove(address);
        }
    }

    private bool IsOver(long then, long now) => time.GetElapsedTime(then, now) >= Window;
}
