using Membership.Cli.Networks;
using Membership.Cli.Output;
using Membership.Client;

namespace Membership.Cli.Members;

/// <summary>What a new member hears, as a result.</summary>
internal static class AdmissionFields
{
    public static Fields Of(Admission admission) => new()
    {
        { "network_id", admission.Network },
        { "address", admission.Address },
        { "role", admission.Role.ToText() },
        { "rules", NetworkFields.Of(admission.Rules) },
        { "expr_policy", RawJson.Of(admission.ExprPolicy) },
    };
}
