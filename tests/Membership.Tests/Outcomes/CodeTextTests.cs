using Xunit;

namespace Membership.Tests.Outcomes;

/// <summary>Names and texts of the codes, against the table of the command specification, section 8; those of changes of the cluster are its section 6's to leave open.</summary>
public sealed class CodeTextTests
{
    // Name, then what the text must contain, as existing clients match on it.
    private const string Specified = """
        invalid_frame: invalid
        invalid_json: invalid
        unknown_command: invalid
        invalid_argument: invalid
        backbone: cannot
        signature_required: signature required
        signature_invalid: signature invalid
        legacy_disabled: signature required
        unknown_signer: signature, not found
        wrong_cluster: invalid
        request_expired: expired
        request_from_future: invalid
        request_id_reused: already
        request_settled: already
        too_many_unsettled: too many
        too_many_sessions: too many
        tls_required: required
        stale_credential: expired
        admin_required: required, invalid
        admin_token_invalid: invalid, required
        admin_disabled: cannot
        not_authorized: cannot
        network_not_found: not found
        node_not_found: not found
        not_a_member: not a member
        role_required: required
        enterprise_required: enterprise feature
        key_invalid: invalid
        key_in_use: already
        too_many_nodes: too many
        external_id_invalid: too long
        rules_invalid: invalid
        expr_policy_invalid: invalid
        name_invalid: invalid, required, too long
        name_reserved: cannot
        name_taken: already
        join_rule_invalid: invalid
        token_required: required
        join_token_invalid: invalid
        invite_only: required
        already_member: already
        network_full: cannot
        id_space_exhausted: cannot
        cannot_disable: cannot
        cannot_leave: cannot
        policy_invalid: invalid
        max_members_below_count: cannot
        too_many_preassignments: too many
        invalid_role: invalid
        cannot_kick_owner: cannot
        cannot_kick_admin: cannot
        cannot_change_owner: cannot
        already_admin: already
        already_plain_member: already
        already_owner: already
        too_many_tags: too many
        tag_invalid: invalid
        self_invite: cannot
        not_invite_network: cannot
        inbox_full: too many
        too_many_invites: too many
        invite_not_found: not found or expired
        answer_too_large: too long
        audit_truncated: not found
        replica_not_found: not found
        replica_in_use: already
        replica_not_ready: cannot
        change_in_progress: cannot
        too_many_voters: too many
        last_voter: cannot
        not_caught_up: cannot
        not_leader:
        unavailable:
        overloaded:
        rate_limited:
        outcome_unknown:
        """;

    private static readonly (string Name, string[] Words)[] Rows =
    [
        .. Specified.Split('\n').Select(line => line.Split(':')).Select(parts => (
            parts[0],
            parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_specified_code_exists_and_its_text_contains_the_words(string name)
    {
        var words = Rows.Single(row => row.Name == name).Words;
        var codes = Enum.GetValues<Code>().Where(code => code.ToName() == name).ToList();
        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.All(words, word => Assert.Contains(word, code.ToText(), StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_code_is_a_specified_one_and_has_a_text()
    {
        var names = Rows.Select(row => row.Name).ToHashSet();
        foreach (var code in Enum.GetValues<Code>().Where(code => code != Code.Ok))
        {
            Assert.Contains(code.ToName(), names);
            Assert.NotEqual("", code.ToText());
        }
    }

    [Fact]
    public void A_name_stands_for_one_code_but_for_the_two_kinds_of_not_a_member()
    {
        var twice = Enum.GetValues<Code>().GroupBy(code => code.ToName()).Where(group => group.Count() > 1);
        Assert.Equal([Code.NotAMember, Code.ActorNotAMember], Assert.Single(twice).Order());
        Assert.Equal(Code.NotAMember.ToText(), Code.ActorNotAMember.ToText());
    }

    // A text that a client could read as success, or that has a place for what the caller sent, would break the rules of section 8.
    [Fact]
    public void Texts_are_sentences_without_places_to_fill() =>
        Assert.All(Enum.GetValues<Code>(), code => Assert.False(code.ToText().AsSpan().ContainsAny("{}%\n\"")));

    [Fact]
    public void A_number_that_is_no_code_has_a_name_too()
    {
        Assert.Equal("unknown_code", ((Code)9999).ToName());
        Assert.Equal("unknown code", ((Code)9999).ToText());
    }
}
