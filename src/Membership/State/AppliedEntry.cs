using System.Collections.Immutable;
using Membership.Events;

namespace Membership.State;

/// <summary>What one log entry brought about.</summary>
/// <param name="Outcomes">One for each mutation, in order.</param>
/// <param name="Events">All events, those of the sweep first.</param>
/// <param name="IsReadable">False when the bytes were no entry; then nothing but the applied index changed.</param>
public record AppliedEntry(ImmutableArray<Outcome> Outcomes, ImmutableArray<AppliedEvent> Events, bool IsReadable)
{
    /// <summary>What the leader found its state to be before this entry, if the entry says so and nothing else.</summary>
    public StateCheckpoint? Checkpoint { get; init; }
}

/// <summary>What one log entry made of a state.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Applied">What it brought about.</param>
public sealed record Transition(MembershipState State, AppliedEntry Applied) : AppliedEntry(Applied);
