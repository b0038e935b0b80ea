using System.Collections.Immutable;

namespace Membership.Tests.Model;

/// <summary>
/// A random log, entry by entry, made while the model runs: it looks at the model's state so that most commands are nearly right, and
/// wrong in one way at a time. The same seed gives the same log.
/// </summary>
internal sealed class LogGenerator
{
    private const long Start = 1_700_000_000_000;

    // Whole seconds, so that ages fall on their bounds and just past them.
    private static readonly long[] Leaps = [60_000, 119_000, 120_000, 121_000, 180_000, 181_000, 600_000, 600_001, 1_500_000];

    private readonly Chance _chance;
    private readonly MembershipModel _model;
    private readonly MutationGenerator _mutations;
    private readonly RequestGenerator _requests;
    private long _time = Start;

    public LogGenerator(int seed, MembershipModel model)
    {
        _chance = new(seed);
        _model = model;
        _mutations = new(_chance, model);
        _requests = new(_chance);
    }

    /// <summary>Small limits, so that each is met; where sessions are the subject they are tight, else out of the way.</summary>
    public static Limits LimitsOf(int seed)
    {
        var limits = new Limits
        {
            MaxNodes = 12,
            MaxNetworkId = 4,
            InboxMax = seed % 8 < 4 ? 1 : 2,
            InvitesByInviterMax = seed % 16 < 12 ? 2 : 4,
            SweepMax = seed % 4 < 2 ? 1 : 2,
            InviteTtlMs = 600_000,
            PolicyMembersMax = 10,
            PolicyPortsMax = 4,
            PreAssignmentsMax = 3,
            ExprPolicyBytesMax = 64,
            AuditRecordsMax = 20,
        };
        return seed % 2 == 0
            ? limits
            : limits with { SessionsMax = 10, AdminSessionsMax = 3, ActorSessionsMax = 2, KeySessionsMax = 2, OutcomesMax = 4 };
    }

    public LogEntry Next(int stepsMax)
    {
        MoveTime();
        var count = Math.Min(stepsMax, _chance.Percent(5) ? 0 : _chance.Percent(50) ? 1 : _chance.Between(2, 5));
        var steps = ImmutableArray.CreateBuilder<Step>(count);
        for (var i = 0; i < count; i++) steps.Add(NextStep());
        return new(_time, steps.MoveToImmutable());
    }

    private Step NextStep()
    {
        if (_chance.Percent(0.5)) return new((Proposal?)null);
        var (actor, mutation) = _mutations.Next();
        return new(_requests.Next(actor, mutation, Math.Max(_time, _model.Time)));
    }

    /// <summary>Mostly seconds; sometimes nothing, backwards, or past one of the bounds.</summary>
    private void MoveTime() => _time = _chance.Between(0, 99) switch
    {
        < 15 => _time,
        < 22 => Math.Max(_model.Time, Start) - 5_000,
        < 85 => _time + 1_000 * _chance.Between(0, 4),
        < 95 => _time + 1_000 * _chance.Between(5, 30),
        < 97 => _time + _chance.Pick(Leaps),
        < 99 when _model.Invites.Count > 0 => AtOrPast(_chance.Pick(_model.Invites).CreatedAt + _model.Limits.InviteTtlMs),
        _ when _model.Sessions.Count > 0 => AtOrPast(_chance.Pick(_model.Sessions).LastUse + _model.Limits.SessionTtlMs),
        _ => _time,
    };

    private long AtOrPast(long bound) => Math.Max(_time, bound + _chance.Between(0, 1));
}

/// <summary>Random choices from one seed.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    public bool Percent(double percent) => _random.NextDouble() * 100 < percent;

    /// <summary>Both ends included.</summary>
    public int Between(int min, int max) => _random.Next(min, max + 1);

    public T Pick<T>(params IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>An index, each as likely as its weight.</summary>
    public int Weighted(IReadOnlyList<int> weights)
    {
        var at = _random.Next(weights.Sum());
        for (var i = 0; ; i++)
        {
            at -= weights[i];
            if (at < 0) return i;
        }
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
