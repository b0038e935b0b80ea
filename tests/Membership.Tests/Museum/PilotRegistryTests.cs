using System.Buffers;
using System.Collections.Immutable;
using Membership.Events;
using Membership.State;
using Membership.Tests.Scenarios;
using Xunit;

namespace Membership.Tests.Museum;

/// <summary>
/// One test for each row of the command specification, section 9, that the state machine repairs: what the older registry did, must
/// never happen here. The rows of the wire and of authentication are listed in DESIGN.md.
/// </summary>
public sealed class PilotRegistryTests
{
    // Was: lost by a crash within 5 s; standbys lost rules and expr_policy. That a majority has the entry first is the replica's part.
    [Fact]
    public void Kicks_roles_invites_names_flags_tags_policy_rules_and_documents_survive_in_a_snapshot() => Tell("""
        node alice bob carol
        ----
        alice is #1
        bob is #2
        carol is #3

        as admin: create_network ops creator=alice enterprise rules="links=3 cycle=24h" expr_policy='{"version":1}'
        as admin: join_network bob #1
        as admin: join_network carol #1
        as admin: kick_member #1 carol
        as admin: promote_member #1 bob
        as admin: transfer_ownership #1 bob
        as admin: set_member_tags #1 alice web
        as admin: rename_network #1 infra
        as admin: set_network_policy #1 max_members=5
        as admin: set_join_rule #1 invite
        as admin: invite_to_network #1 carol inviter=bob
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=true
        ok role=member
          network.joined node_id=bob network_id=ops role=member
        ok role=member
          network.joined node_id=carol network_id=ops role=member
        ok
          member.kicked target_node_id=carol network_id=ops role=member
        ok role=admin
          member.promoted target_node_id=bob network_id=ops old_role=member new_role=admin
        ok old_owner=alice
          network.ownership_transferred network_id=ops old_owner=alice new_owner=bob new_owner_old_role=admin
        ok
          member_tags.changed network_id=ops target_node_id=alice tags=[web]
        ok
          network.renamed network_id=ops old_name=ops new_name=infra
        ok
          network.policy_changed network_id=ops old_max_members=0 new_max_members=5
        ok
          network.join_rule_changed network_id=ops old_rule=open new_rule=invite token_changed=false
        ok
          invite.created network_id=ops inviter_id=bob target_node_id=carol

        snapshot
        ----
        restored: equal bytes, equal digest

        show ops
        ----
        network #1 name=infra rule=invite created=0s enterprise
          policy max_members=5 ports=[] description=""
          rules links=3 cycle=24h prune=0 fill=0
          expr_policy {"version":1}
          admin alice joined=0s tags=web
          owner bob joined=0s
          invited carol by=bob created=0s
        """);

    // Was: the role gate trusted an unsigned node_id.
    [Fact]
    public void A_claimed_node_id_opens_no_gate() => Tell("""
        node alice eve
        ----
        alice is #1
        eve is #2

        as admin: create_network ops creator=alice
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=false managed=false

        as eve: delete_network ops node_id=alice
        as eve: join_network eve ops
        as eve: delete_network ops node_id=alice
        ----
        rejected: not_a_member (the actor)
        ok role=member
          network.joined node_id=eve network_id=ops role=member
        rejected: role_required
        """);

    // Was: signatures without freshness.
    [Fact]
    public void A_captured_request_changes_nothing_when_it_is_sent_again() => Tell("""
        node alice
        ----
        alice is #1

        as admin: create_network ops creator=alice
        as admin: set_network_enterprise #1 on
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=false managed=false
        ok
          network.enterprise_changed network_id=ops enterprise=true members=1

        as alice id=phone:1 issued=0s: set_member_tags ops alice web
        as alice id=phone:2 issued=0s: set_member_tags ops alice
        as alice id=phone:1 issued=0s: set_member_tags ops alice web
        ----
        ok
          member_tags.changed network_id=ops target_node_id=alice tags=[web]
        ok
          member_tags.changed network_id=ops target_node_id=alice tags=[]
        ok (stored at revision 4)

        advance 1h
        ----
        the leader's clock is 1h

        as alice id=phone:1 issued=0s: set_member_tags ops alice web
        ----
        rejected: request_expired
        """);

    // Was: admin and join tokens stored in clear. What the state machine sees are verifiers and proofs; it tells nobody even those.
    [Fact]
    public void No_event_and_no_text_holds_a_verifier_or_a_proof()
    {
        var verifier = new ScenarioTokens().Verifier("sesame");
        Mutation[] withSecrets =
        [
            new CreateNetwork { Creator = new(1), Name = "a", JoinRule = JoinRule.Token, JoinToken = verifier, AdminToken = verifier },
            new SetJoinRule(new(1), JoinRule.Token, verifier),
            new SetNetworkAdminToken(new(1), verifier),
            new JoinNetwork(new(2), new(1), new TokenProof(4, verifier.Mac)),
        ];
        var state = MembershipState.Founded("museum");
        Event[] events =
        [
            .. Play(ref state, [new RegisterNode(new(new byte[32])), new RegisterNode(new([1, .. new byte[31]]))]),
            .. Play(ref state, withSecrets),
        ];

        Assert.Equal(6, events.Length);
        var hex = Convert.ToHexString(verifier.Mac.Bytes);
        Assert.All(withSecrets, mutation => Assert.DoesNotContain(hex, mutation.ToString(), StringComparison.OrdinalIgnoreCase));
        foreach (var (_, record) in state.Tables.Audit)
            Assert.True(record.Encoded.Span.IndexOf(verifier.Mac.Bytes) < 0, "an audit record holds a verifier");
    }

    // Was: an owner could vanish by leaving or by being deregistered, and pre-assignments could mint owners.
    [Fact]
    public void A_network_with_members_has_exactly_one_owner_whoever_goes() => Tell("""
        node alice bob carol
        ----
        alice is #1
        bob is #2
        carol is #3

        as admin: create_network ops creator=alice enterprise
        as admin: set_rbac_preassignments #1 bob@corp:owner
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        rejected: invalid_role

        as alice: leave_network alice ops
        as bob: join_network bob ops
        as carol: join_network carol ops
        as admin: set_network_enterprise ops off
        as admin: set_network_enterprise ops on
        as alice: deregister_node alice
        ----
        rejected: cannot_leave
        ok role=member
          network.joined node_id=bob network_id=ops role=member
        ok role=member
          network.joined node_id=carol network_id=ops role=member
        ok
          network.enterprise_changed network_id=ops enterprise=false members=3
        ok
          network.enterprise_changed network_id=ops enterprise=true members=3
        ok node_id=alice existing=true
          node.deregistered node_id=alice
          network.left node_id=alice network_id=ops
          network.owner_changed network_id=ops old_owner=alice new_owner=bob cause=succession

        as admin: deregister_node bob
        as admin: deregister_node carol
        ----
        ok node_id=bob existing=true
          node.deregistered node_id=bob
          network.left node_id=bob network_id=ops
          network.owner_changed network_id=ops old_owner=bob new_owner=carol cause=succession
        ok node_id=carol existing=true
          node.deregistered node_id=carol
          network.left node_id=carol network_id=ops

        node dave
        ----
        dave is #4

        as dave: join_network dave ops
        ----
        ok role=owner
          network.joined node_id=dave network_id=ops role=owner
          network.owner_changed network_id=ops old_owner=#0 new_owner=dave cause=first_joiner
        """);

    // Was: unknown join rules and empty join tokens were accepted.
    [Fact]
    public void A_network_is_not_created_with_an_unknown_rule_or_an_empty_token() => Tell("""
        node alice
        ----
        alice is #1

        as admin: create_network ops creator=alice rule=secret
        as admin: create_network ops creator=alice rule=token token=""
        ----
        rejected: join_rule_invalid
        rejected: token_required
        """);

    // Was: tags outlived membership.
    [Fact]
    public void Tags_go_with_the_member() => Tell("""
        node alice bob
        ----
        alice is #1
        bob is #2

        as admin: create_network ops creator=alice enterprise
        as admin: join_network bob #1
        as admin: set_member_tags #1 bob web
        as admin: kick_member #1 bob
        as admin: join_network bob #1
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        ok role=member
          network.joined node_id=bob network_id=ops role=member
        ok
          member_tags.changed network_id=ops target_node_id=bob tags=[web]
        ok
          member.kicked target_node_id=bob network_id=ops role=member
        ok role=member
          network.joined node_id=bob network_id=ops role=member

        show ops
        ----
        network #1 name=ops rule=open created=0s enterprise
          owner alice joined=0s
          member bob joined=0s
        """);

    // Was: expired invites blocked a new one and counted against the inbox.
    [Fact]
    public void An_expired_invite_blocks_nothing() => Tell("""
        reset InboxMax=1
        ----
        ok

        node alice bob
        ----
        alice is #1
        bob is #2

        as admin: create_network ops creator=alice enterprise rule=invite
        as admin: create_network lab creator=alice enterprise rule=invite
        as admin: invite_to_network #1 bob inviter=alice
        as admin: invite_to_network #2 bob inviter=alice
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=invite creator_node_id=alice enterprise=true managed=false
        ok network_id=#2
          network.created network_id=lab name=lab join_rule=invite creator_node_id=alice enterprise=true managed=false
        ok
          invite.created network_id=ops inviter_id=alice target_node_id=bob
        rejected: inbox_full

        advance 30d1ms
        ----
        the leader's clock is 30d1ms

        as admin: invite_to_network lab bob inviter=alice
        ----
        sweep
          invite.expired network_id=ops target_node_id=bob
        ok
          invite.created network_id=lab inviter_id=alice target_node_id=bob
        """);

    // Was: the invites of a demoted inviter stayed.
    [Fact]
    public void A_demotion_takes_the_inviters_invites() => Tell("""
        node alice bob carol
        ----
        alice is #1
        bob is #2
        carol is #3

        as admin: create_network ops creator=alice enterprise
        as admin: join_network bob #1
        as admin: promote_member #1 bob
        as admin: set_join_rule #1 invite
        as bob: invite_to_network #1 carol
        as alice: demote_member #1 bob
        as carol: respond_invite carol #1 accept
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        ok role=member
          network.joined node_id=bob network_id=ops role=member
        ok role=admin
          member.promoted target_node_id=bob network_id=ops old_role=member new_role=admin
        ok
          network.join_rule_changed network_id=ops old_rule=open new_rule=invite token_changed=false
        ok
          invite.created network_id=ops inviter_id=bob target_node_id=carol
        ok role=member
          member.demoted target_node_id=bob network_id=ops old_role=admin new_role=member
          invite.revoked network_id=ops target_node_id=carol cause=inviter_demoted
        rejected: invite_not_found
        """);

    // Was: pre-assignments were ignored on accepted invites and on a new external id, and outlived their network.
    [Fact]
    public void A_pre_assignment_counts_on_accepting_and_on_a_new_external_id_and_goes_with_its_network() => Tell("""
        reset MaxNetworkId=1
        ----
        ok

        node alice bob carol
        ----
        alice is #1
        bob is #2
        carol is #3

        as admin: create_network ops creator=alice enterprise rule=invite
        as admin: set_rbac_preassignments #1 bob:admin carol:admin
        as admin: set_external_id bob bob
        as alice: invite_to_network #1 bob
        as bob: respond_invite bob #1 accept
        as alice: invite_to_network #1 carol
        as carol: respond_invite carol #1 accept
        as admin: set_external_id carol carol
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=invite creator_node_id=alice enterprise=true managed=false
        ok count=2
          rbac.preassignments_set network_id=ops count=2
        ok node_id=bob
          identity.external_id_set node_id=bob external_id=bob
        ok
          invite.created network_id=ops inviter_id=alice target_node_id=bob
        ok role=admin
          invite.responded node_id=bob network_id=ops accepted=true
          network.joined node_id=bob network_id=ops role=admin
        ok
          invite.created network_id=ops inviter_id=alice target_node_id=carol
        ok role=member
          invite.responded node_id=carol network_id=ops accepted=true
          network.joined node_id=carol network_id=ops role=member
        ok node_id=carol
          identity.external_id_set node_id=carol external_id=carol
          member.promoted target_node_id=carol network_id=ops old_role=member new_role=admin cause=pre_assignment

        as alice: delete_network ops
        as admin: create_network lab creator=alice enterprise
        as bob: join_network bob #1
        ----
        ok
          network.deleted network_id=lab name=ops members=3 enterprise=true
        ok network_id=#1
          network.created network_id=lab name=lab join_rule=open creator_node_id=alice enterprise=true managed=false
        ok role=member
          network.joined node_id=bob network_id=lab role=member
        """);

    // Was: enterprise off made an invite network unjoinable for good.
    [Fact]
    public void The_flag_stays_on_while_the_rule_is_invite_and_the_rule_can_be_changed() => Tell("""
        node alice
        ----
        alice is #1

        as admin: create_network ops creator=alice enterprise rule=invite
        as admin: set_network_enterprise #1 off
        as alice: set_join_rule #1 open
        as admin: set_network_enterprise #1 off
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=invite creator_node_id=alice enterprise=true managed=false
        rejected: cannot_disable
        ok
          network.join_rule_changed network_id=ops old_rule=invite new_rule=open token_changed=false
        ok
          network.enterprise_changed network_id=ops enterprise=false members=1
        """);

    // Was: the policy was hidden once enterprise was off, and still enforced.
    [Fact]
    public void The_policy_is_kept_and_enforced_without_the_flag() => Tell("""
        node alice bob
        ----
        alice is #1
        bob is #2

        as admin: create_network ops creator=alice enterprise
        as admin: set_network_policy #1 max_members=1
        as admin: set_network_enterprise #1 off
        as bob: join_network bob #1
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        ok
          network.policy_changed network_id=ops old_max_members=0 new_max_members=1
        ok
          network.enterprise_changed network_id=ops enterprise=false members=1
        rejected: network_full

        show ops
        ----
        network #1 name=ops rule=open created=0s
          policy max_members=1 ports=[] description=""
          owner alice joined=0s
        """);

    // Was: network 0 was "not found" in these, or even worked.
    [Fact]
    public void Network_0_is_the_backbone_in_every_mutation_that_names_a_network() => Tell("""
        node alice bob
        ----
        alice is #1
        bob is #2

        as admin: promote_member backbone bob
        as admin: demote_member backbone bob
        as admin: transfer_ownership backbone bob
        as admin: set_member_tags backbone bob web
        as admin: invite_to_network backbone bob inviter=alice
        as bob: respond_invite bob backbone accept
        as admin: revoke_invite backbone bob
        as bob: join_network bob backbone
        as bob: leave_network bob backbone
        as admin: kick_member backbone bob
        as admin: delete_network backbone
        as admin: rename_network backbone spine
        as admin: set_network_enterprise backbone on
        as admin: set_join_rule backbone open
        as admin: set_network_admin_token backbone token=hush
        as admin: set_network_policy backbone max_members=1
        as admin: set_expr_policy backbone
        as admin: set_rbac_preassignments backbone
        ----
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        rejected: backbone
        """);

    // Was: respond_invite told strangers whether a network exists.
    [Fact]
    public void Respond_invite_does_not_tell_whether_a_network_exists_and_nobody_answers_for_another() => Tell("""
        node alice bob
        ----
        alice is #1
        bob is #2

        as admin: create_network ops creator=alice enterprise rule=invite
        as bob: respond_invite bob #1 accept
        as bob: respond_invite bob #2 accept
        as admin: invite_to_network #1 bob inviter=alice
        as admin: respond_invite bob #1 accept
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=invite creator_node_id=alice enterprise=true managed=false
        rejected: invite_not_found
        rejected: invite_not_found
        ok
          invite.created network_id=ops inviter_id=alice target_node_id=bob
        rejected: not_authorized
        """);

    // Was: a network token alone could not invite, and beside a signature it skipped the check of membership.
    [Fact]
    public void A_network_token_suffices_to_invite_and_a_signature_gains_nothing_from_it() => Tell("""
        node alice bob eve
        ----
        alice is #1
        bob is #2
        eve is #3

        as admin: create_network ops creator=alice enterprise rule=invite admin_token=hush
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=invite creator_node_id=alice enterprise=true managed=false

        as network_admin ops: invite_to_network ops bob inviter=alice
        as eve: invite_to_network ops eve inviter=alice
        as eve: invite_to_network ops alice inviter=eve
        ----
        ok
          invite.created network_id=ops inviter_id=alice target_node_id=bob
        rejected: not_authorized
        rejected: not_a_member (the actor)
        """);

    // Was: tags kept duplicates, and cleared tags became null.
    [Fact]
    public void Tags_have_no_duplicates_and_cleared_tags_are_an_empty_list() => Tell("""
        node alice
        ----
        alice is #1

        as admin: create_network ops creator=alice
        as alice: set_member_tags #1 alice web db web
        as alice: set_member_tags #1 alice
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=false managed=false
        ok
          member_tags.changed network_id=ops target_node_id=alice tags=[web,db]
        ok
          member_tags.changed network_id=ops target_node_id=alice tags=[]
        """);

    // Was: a member that joined a full network again heard that it is full, so a retry could not be understood.
    [Fact]
    public void A_member_that_joins_a_full_network_again_hears_that_it_is_a_member() => Tell("""
        node alice
        ----
        alice is #1

        as admin: create_network ops creator=alice enterprise
        as admin: set_network_policy #1 max_members=1
        as alice: join_network alice #1
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        ok
          network.policy_changed network_id=ops old_max_members=0 new_max_members=1
        rejected: already_member
        """);

    // Was: ids were exhausted for good after 65535 creations.
    [Fact]
    public void Freed_network_ids_come_back_the_longest_free_first() => Tell("""
        reset MaxNetworkId=2
        ----
        ok

        node alice
        ----
        alice is #1

        as admin: create_network a creator=alice
        as admin: create_network b creator=alice
        as admin: delete_network #2
        as admin: delete_network #1
        ----
        ok network_id=#1
          network.created network_id=a name=a join_rule=open creator_node_id=alice enterprise=false managed=false
        ok network_id=#2
          network.created network_id=b name=b join_rule=open creator_node_id=alice enterprise=false managed=false
        ok
          network.deleted network_id=b name=b members=1 enterprise=false
        ok
          network.deleted network_id=a name=a members=1 enterprise=false

        as admin: create_network c creator=alice
        as admin: create_network d creator=alice
        as admin: create_network e creator=alice
        ----
        ok network_id=#2
          network.created network_id=c name=c join_rule=open creator_node_id=alice enterprise=false managed=false
        ok network_id=#1
          network.created network_id=d name=d join_rule=open creator_node_id=alice enterprise=false managed=false
        rejected: id_space_exhausted
        """);

    // Was: lists came in random order.
    [Fact]
    public void Whatever_is_listed_comes_in_the_order_of_ids()
    {
        var state = MembershipState.Founded("museum");
        Play(ref state, [.. Enumerable.Range(0, 40).Select(i => new RegisterNode(new([(byte)(200 - i), .. new byte[31]])))]);
        Play(ref state, [.. Enumerable.Range(1, 40).Select(i => new CreateNetwork { Creator = new((uint)i), Name = $"n{40 - i}" })]);

        var (networks, nodes) = (new List<int>(), new List<int>());
        foreach (var (id, _) in state.Tables.Networks) networks.Add(id.Value);
        foreach (var (id, _) in state.Tables.Nodes) nodes.Add((int)id.Value);
        Assert.Equal(Enumerable.Range(1, 40), networks);
        Assert.Equal(Enumerable.Range(1, 40), nodes);
    }

    // Was: a network's admin token passed for the commands of its owner.
    [Fact]
    public void A_network_token_counts_as_an_admin_unless_the_accepting_replica_says_owner() => Tell("""
        node alice
        ----
        alice is #1

        as admin: create_network ops creator=alice admin_token=hush
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=false managed=false

        as network_admin ops: delete_network ops
        as network_admin ops as_owner: delete_network ops
        ----
        rejected: role_required
        ok
          network.deleted network_id=ops name=ops members=1 enterprise=false
        """);

    // Was: an admin could kick an admin, or was held back by a node_id that it claimed.
    [Fact]
    public void An_admin_kicks_no_admin_whatever_it_claims() => Tell("""
        node alice bob carol
        ----
        alice is #1
        bob is #2
        carol is #3

        as admin: create_network ops creator=alice enterprise
        as admin: join_network bob #1
        as admin: join_network carol #1
        as admin: promote_member #1 bob
        as admin: promote_member #1 carol
        as bob: kick_member #1 carol
        as bob: kick_member #1 carol node_id=bob
        as bob: kick_member #1 carol node_id=alice
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        ok role=member
          network.joined node_id=bob network_id=ops role=member
        ok role=member
          network.joined node_id=carol network_id=ops role=member
        ok role=admin
          member.promoted target_node_id=bob network_id=ops old_role=member new_role=admin
        ok role=admin
          member.promoted target_node_id=carol network_id=ops old_role=member new_role=admin
        rejected: cannot_kick_admin
        rejected: cannot_kick_admin
        rejected: not_authorized
        """);

    // Was: the key of a deregistered node got its old id again, and with it whatever still named that id.
    [Fact]
    public void The_key_of_a_deregistered_node_gets_a_new_id() => Tell("""
        node alice
        ----
        alice is #1

        as alice: deregister_node alice
        ----
        ok node_id=alice existing=true
          node.deregistered node_id=alice

        as key alice: register_node alice
        ----
        ok node_id=alice existing=false
          node.registered node_id=alice

        show node alice
        ----
        node #2 key=alice version=1 registered=0s
        """);

    // Was: nodes without a key existed. Here a registration with a key of no bytes is a request that cannot be decoded.
    [Fact]
    public void No_node_is_registered_without_a_key() => Tell("""
        bytes 93010091c4339701c41000000000000000010000000000000001c0c0c410000000000000000000000000000000009501000000c093c400c000
        ----
        rejected: invalid_argument

        show counters
        ----
        revision=1 time=none founded=none last_node=#0 last_network=#0 session_floor=none
        """);

    // Was: join and accept answered little.
    [Fact]
    public void Join_and_accept_tell_the_role() => Tell("""
        node alice bob
        ----
        alice is #1
        bob is #2

        as admin: create_network ops creator=alice enterprise
        as bob: join_network bob #1
        as bob: leave_network bob #1
        as alice: set_join_rule #1 invite
        as alice: invite_to_network #1 bob
        as bob: respond_invite bob #1 accept
        ----
        ok network_id=#1
          network.created network_id=ops name=ops join_rule=open creator_node_id=alice enterprise=true managed=false
        ok role=member
          network.joined node_id=bob network_id=ops role=member
        ok
          network.left node_id=bob network_id=ops
        ok
          network.join_rule_changed network_id=ops old_rule=open new_rule=invite token_changed=false
        ok
          invite.created network_id=ops inviter_id=alice target_node_id=bob
        ok role=member
          invite.responded node_id=bob network_id=ops accepted=true
          network.joined node_id=bob network_id=ops role=member
        """);

    // The text is a scenario: what its blocks print must be what stands there.
    private static void Tell(string scenario)
    {
        var file = ScenarioFile.Parse("museum", scenario);
        var runner = new ScenarioRunner("museum");
        foreach (var block in file.Blocks) Assert.Equal(string.Join('\n', block.Expected), string.Join('\n', runner.Run(block)));
    }

    private static ImmutableArray<Event> Play(ref MembershipState state, ReadOnlySpan<Mutation> mutations)
    {
        var encoded = new List<ReadOnlyMemory<byte>>();
        var sequence = state.Revision;
        foreach (var mutation in mutations)
        {
            // A node joins by itself, all else is an admin's.
            var actor = mutation is JoinNetwork join ? Actor.ForNode(join.Node) : Actor.Admin();
            encoded.Add(new Proposal(new(1, ++sequence), default, actor, mutation).Encode());
        }

        var entry = new ArrayBufferWriter<byte>();
        EntryFormat.Write(entry, ScenarioTime.StartMs, [.. encoded]);
        var applied = StateMachine.Apply(state, state.AppliedIndex + 1, term: 1, new(entry.WrittenMemory));
        Assert.All(applied.Outcomes, outcome => Assert.Equal(Code.Ok, outcome.Code));
        state = applied.State;
        return [.. applied.Events.Select(e => e.Event)];
    }
}
