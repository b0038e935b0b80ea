namespace Membership.Protocol.Requests;

/// <summary>Reads <c>create_network</c>, where each optional string may be empty and is then as good as absent.</summary>
internal static class CreateNetworkReader
{
    public static MutationCommand Read(RequestFields f)
    {
        var (creator, name) = (f.Node(), f.Text(FieldNames.Name));
        var rule = string.IsNullOrEmpty(f.OptionalText(FieldNames.JoinRule)) ? JoinRule.Open : f.Rule();
        var joinToken = f.OptionalToken(FieldNames.Token);
        var adminToken = f.OptionalToken(FieldNames.NetworkAdminToken);
        var enterprise = f.OptionalFlag(FieldNames.Enterprise);
        var (rules, rulesVerdict) = PolicyDocuments.ReadRules(f);
        var (exprPolicy, exprVerdict) = PolicyDocuments.ReadExprPolicy(f, needsRules: false);
        var mutation = new CreateNetwork
        {
            Creator = creator,
            Name = name,
            JoinRule = rule,
            Enterprise = enterprise,
            Rules = rules,
            ExprPolicy = exprPolicy,
            Verdict = rulesVerdict != Code.Ok ? rulesVerdict : exprVerdict,
        };

        var carriesToken = joinToken is not null || adminToken is not null;

        // A token beside another rule is ignored, and not stored.
        if (rule != JoinRule.Token) joinToken = null;
        return new(mutation, inputs => mutation with
        {
            JoinToken = joinToken is null ? null : inputs.MakeVerifier(joinToken),
            AdminToken = adminToken is null ? null : inputs.MakeVerifier(adminToken),
        }) { CarriesToken = carriesToken };
    }
}
