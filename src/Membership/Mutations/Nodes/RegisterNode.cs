using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>register_node</c>: gives a key a node id, or tells the one that it has.</summary>
/// <param name="PublicKey">The key; when it is none, <paramref name="Verdict"/> says so.</param>
/// <param name="ExternalId">Only with an admin token; 0 to 256 UTF-8 bytes.</param>
/// <param name="Verdict"><see cref="Code.Ok"/> or <see cref="Code.KeyInvalid"/>, found before proposing.</param>
public sealed record RegisterNode(PublicKey PublicKey, string? ExternalId = null, Code Verdict = Code.Ok) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.RegisterNode;

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(3);
        w.Write(PublicKey);
        w.Write(ExternalId);
        w.Write((ushort)Verdict);
    }

    internal static RegisterNode Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return new(r.ReadPublicKey(), r.ReadOptionalText(), MutationFormat.ReadVerdict(ref r, Code.KeyInvalid));
    }

    internal override Code Apply(MutationContext c)
    {
        var isKeyHolder = c.Actor.Kind == ActorKind.Key && c.Actor.PublicKey == PublicKey;
        if (!c.Actor.IsAdmin && !isKeyHolder) return Code.NotAuthorized;
        if (ExternalId is not null && !c.Actor.IsAdmin) return Code.AdminRequired;
        if (Verdict != Code.Ok) return Verdict;
        if (ExternalId is not null && !NameRules.FitsBytes(ExternalId, c.Limits.ExternalIdBytesMax)) return Code.ExternalIdInvalid;
        if (c.State.TryGetKeyHolder(PublicKey, out var holder)) return AnswerForHolder(c, holder);

        // The last number is never given out, so that every range of node ids has an end beyond it.
        var counters = c.State.Counters;
        if (c.State.Tables.Nodes.Count >= c.Limits.MaxNodes || counters.LastNodeId >= uint.MaxValue - 1) return Code.TooManyNodes;

        var id = new NodeId(++c.State.Counters.LastNodeId);
        c.State.PutNode(id, new(PublicKey, KeyVersion: 1, ExternalId ?? "", TaskExec: false, c.Now));
        c.Results = new(Node: id);
        c.Say(new NodeRegistered(id));
        return Code.Ok;
    }

    private static Code AnswerForHolder(MutationContext c, State.KeyHolder holder)
    {
        if (!c.State.TryGetNode(holder.Node, out var node) || node.KeyVersion != holder.Version) return Code.KeyInUse;
        c.Results = new(Node: holder.Node, Flag: true);
        return Code.Ok;
    }
}
