using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Membership.Formats;
using Membership.Mutations;

namespace Membership.Tests.Model;

/// <summary>One mutation of an entry: a proposal, or bytes that are none.</summary>
internal sealed record Step(Proposal? Proposal)
{
    private static readonly byte[] NoProposal = [0xC1, 0x00, 0xFF];

    public ReadOnlyMemory<byte> Encode() => Proposal?.Encode() ?? NoProposal;
}

/// <summary>A log entry before it is encoded: the leader's time and the mutations.</summary>
internal sealed record LogEntry(long Time, ImmutableArray<Step> Steps)
{
    public ReadOnlySequence<byte> Encode()
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        EntryFormat.Write(bytes, Time, [.. Steps.Select(step => step.Encode())]);
        return new(bytes.WrittenMemory);
    }

    public override string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"at {Time}"));
        foreach (var step in Steps) text.Append("\n    ").Append(step.Proposal is { } proposal ? Text(proposal) : "(unreadable)");
        return text.ToString();
    }

    private static string Text(Proposal p) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Text(p.Actor)} {p.RequestId.Client}/{p.RequestId.Sequence} settled={p.Settled} issued={p.IssuedAt} content={p.Fingerprint.Low}: {p.Mutation}{Lists(p.Mutation)}");

    private static string Text(Actor actor) => actor.Kind switch
    {
        ActorKind.Node => $"{actor} (key {actor.Version})",
        ActorKind.NetworkAdmin => $"{actor} (token {actor.Version}, {actor.Level.ToText()})",
        _ => actor.ToString(),
    };

    private static string Lists(Mutation mutation) => mutation switch
    {
        SetMemberTags m => $" [{string.Join(',', m.Tags)}]",
        SetRbacPreassignments m => $" [{string.Join(',', m.Roles)}]",
        SetNetworkPolicy { AllowedPorts: { } ports } => $" [{string.Join(',', ports)}]",
        _ => "",
    };
}

/// <summary>A command of a kind that no state version has.</summary>
internal sealed record UnknownMutation : Mutation
{
    public override MutationKind Kind => (MutationKind)99;

    internal override void WriteFields(ref FieldWriter w) => w.WriteArrayHeader(0);

    internal override Code Apply(MutationContext c) => throw new InvalidOperationException("Only its encoded form is ever applied.");
}

/// <summary>A known command whose fields are of the wrong types.</summary>
internal sealed record MalformedMutation : Mutation
{
    public override MutationKind Kind => MutationKind.JoinNetwork;

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(1);
        w.Write("no node");
    }

    internal override Code Apply(MutationContext c) => throw new InvalidOperationException("Only its encoded form is ever applied.");
}
