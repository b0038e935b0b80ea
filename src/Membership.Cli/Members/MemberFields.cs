using Membership.Cli.Output;
using Membership.Client;

namespace Membership.Cli.Members;

/// <summary>Members with one property each, as results.</summary>
internal static class MemberFields
{
    public static Fields Of(MemberRole member) => new()
    {
        { "network_id", member.Network },
        { "target_node_id", member.Target },
        { "role", member.Role.ToText() },
    };

    public static Fields Of(MemberTags member) => new()
    {
        { "network_id", member.Network },
        { "target_node_id", member.Target },
        { "tags", member.Tags },
    };
}
