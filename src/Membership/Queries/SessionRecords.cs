using Membership.Sessions;
using Membership.State;

namespace Membership.Queries;

/// <summary>What one state knows of requests that were decided.</summary>
/// <remarks>Reads an immutable state, so any thread may use it.</remarks>
public readonly struct SessionRecords
{
    private readonly MembershipState _state;

    /// <summary>Looks at this state.</summary>
    public SessionRecords(MembershipState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
    }

    /// <summary>Whether a request under this id can only repeat an earlier one: its outcome is held, or settled.</summary>
    /// <param name="actor">Who asks; its version does not count.</param>
    /// <param name="id">The request's id.</param>
    public bool IsDecided(Actor actor, RequestId id) =>
        _state.Tables.Sessions.TryGetValue(SessionKey.Of(actor, id.Client), out var session)
        && (id.Sequence < session.MinSequence || session.Outcomes.TryGetValue(id.Sequence, out _));
}
