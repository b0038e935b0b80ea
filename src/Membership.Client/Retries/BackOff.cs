namespace Membership.Client;

/// <summary>How long to wait before the next attempt: twice as long each time up to a maximum, the last half of it at random.</summary>
internal struct BackOff(MembershipClientOptions options)
{
    private TimeSpan _next = options.BackOffMin;

    public TimeSpan Next()
    {
        var pause = _next / 2 + _next / 2 * Random.Shared.NextDouble();
        _next = _next * 2 < options.BackOffMax ? _next * 2 : options.BackOffMax;
        return pause;
    }
}
