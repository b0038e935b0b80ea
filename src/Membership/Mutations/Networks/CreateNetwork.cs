using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>create_network</c>: a network with its creator as the owner.</summary>
public sealed record CreateNetwork : Mutation
{
    /// <summary>The creator, who becomes the owner.</summary>
    public required NodeId Creator { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The join rule; 0 for a text that names none, which is rejected at its place.</summary>
    public JoinRule JoinRule { get; init; } = JoinRule.Open;

    /// <summary>The verifier of the join token; ignored unless the rule is <see cref="JoinRule.Token"/>.</summary>
    public TokenVerifier? JoinToken { get; init; }

    /// <summary>The verifier of the network's admin token.</summary>
    public TokenVerifier? AdminToken { get; init; }

    /// <summary>The enterprise flag.</summary>
    public bool Enterprise { get; init; }

    /// <summary>The rules of a managed network.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>The expression policy, byte for byte; empty for none.</summary>
    public ReadOnlyMemory<byte> ExprPolicy { get; init; }

    /// <summary>
    /// <see cref="Code.Ok"/>, <see cref="Code.RulesInvalid"/> or <see cref="Code.ExprPolicyInvalid"/>, found before proposing.
    /// </summary>
    public Code Verdict { get; init; }

    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.CreateNetwork;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Creator, "node_id");

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(9);
        w.Write(Creator);
        w.Write(Name);
        w.Write((byte)JoinRule);
        FieldFormats.Write(ref w, JoinToken);
        FieldFormats.Write(ref w, AdminToken);
        w.Write(Enterprise);
        FieldFormats.Write(ref w, Rules);
        w.Write(ExprPolicy.Span);
        w.Write((ushort)Verdict);
    }

    internal static CreateNetwork Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(9);
        return new()
        {
            Creator = r.ReadNodeId(),
            Name = r.ReadText(),
            JoinRule = (JoinRule)r.ReadByte(),
            JoinToken = FieldFormats.ReadOptionalVerifier(ref r),
            AdminToken = FieldFormats.ReadOptionalVerifier(ref r),
            Enterprise = r.ReadBoolean(),
            Rules = FieldFormats.ReadOptionalRuleSet(ref r),
            ExprPolicy = r.ReadBytes(),
            Verdict = MutationFormat.ReadVerdict(ref r, Code.RulesInvalid, Code.ExprPolicyInvalid),
        };
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.Admin(c) is var actor and not Code.Ok) return actor;
        if (Verdict == Code.RulesInvalid || Rules?.IsValid(c.Limits) == false) return Code.RulesInvalid;
        if (Verdict == Code.ExprPolicyInvalid || ExprPolicy.Length > c.Limits.ExprPolicyBytesMax) return Code.ExprPolicyInvalid;
        if (NetworkNames.Check(c, Name) is var name and not Code.Ok) return name;
        if (JoinRules.Check(JoinRule, JoinToken is not null, Enterprise) is var rule and not Code.Ok) return rule;
        if (!c.State.IsRegistered(Creator)) return Code.NodeNotFound;
        if (NetworkNames.IsTaken(c, Name)) return Code.NameTaken;
        if (!NetworkIds.TryTake(c, out var id)) return Code.IdSpaceExhausted;

        c.State.PutNetwork(new()
        {
            Id = id,
            Name = Name,
            JoinRule = JoinRule,
            Enterprise = Enterprise,
            CreatedAt = c.Now,
            JoinToken = JoinRule == JoinRule.Token ? new(c.Revision, JoinToken!.Value) : null,
            AdminToken = AdminToken is { } token ? new(c.Revision, token) : null,
            Rules = Rules,
        });
        c.State.PutExprPolicy(id, ExprPolicy);
        c.State.AddMember(id, Creator, new(Role.Owner, c.Now, c.Revision, []));
        c.Results = new(Network: id);
        c.Say(new NetworkCreated(id, Name, JoinRule, Creator, Enterprise, Managed: Rules is not null));
        return Code.Ok;
    }
}
