using System.Collections.Immutable;
using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>set_member_tags</c>: replaces the tags; an empty list clears them.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="Tags">At most 10 as given; duplicates are dropped keeping the first.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record SetMemberTags(NetworkId Network, NodeId Target, ImmutableArray<string> Tags, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.SetMemberTags;

    internal override ShapeFault? CheckShape() => TargetFields.CheckShape(Network, Target, Node);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(4);
        w.Write(Network);
        w.Write(Target);
        w.Write(Tags);
        w.Write(Node);
    }

    internal static SetMemberTags Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(4);
        return new(r.ReadNetworkId(), r.ReadNodeId(), r.ReadTexts(int.MaxValue), r.ReadOptionalNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.OwnerOrAdmin(c, Network, Node, out _) is var gate and not Code.Ok) return gate;
        if (Tags.Length > c.Limits.TagsMax) return Code.TooManyTags;
        if (!Tags.All(tag => NameRules.IsLabel(tag, c.Limits.TagBytesMax))) return Code.TagInvalid;
        if (!c.State.TryGetMember(Network, Target, out var member)) return Code.NotAMember;

        ImmutableArray<string> tags = [.. Tags.Distinct(StringComparer.Ordinal)];
        if (tags.AsSpan().SequenceEqual(member.Tags.AsSpan())) return Code.Ok;
        c.State.PutMember(Network, Target, member with { Tags = tags });
        c.Say(new MemberTagsChanged(Network, Target, tags));
        return Code.Ok;
    }
}
