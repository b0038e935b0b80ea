namespace Membership.Tests.Model;

/// <summary>
/// The state machine once more, as slow and as plain as it can be: lists, linear scans, and the command specification's own order of
/// sentences. Written from the specification alone, so that a mistake in the real one is not repeated here.
/// </summary>
internal sealed partial class MembershipModel(Limits limits)
{
    private Actor _actor;
    private string _actorRole = "";
    private Results _results;
    private readonly List<string> _ownEvents = [];
    private readonly List<(ushort Network, uint Target, string Event)> _inviteEvents = [];
    private readonly List<(ushort Network, string Event)> _successionEvents = [];

    public Limits Limits { get; } = limits;

    public long Time { get; private set; }

    public long FoundedAt { get; private set; }

    public ulong Revision { get; private set; }

    public uint LastNodeId { get; private set; }

    public ushort LastNetworkId { get; private set; }

    public long SessionFloorTime { get; private set; }

    public List<ModelNode> Nodes { get; } = [];

    /// <summary>In the order of creation.</summary>
    public List<ModelNetwork> Networks { get; } = [];

    /// <summary>In the order of arrival.</summary>
    public List<ModelInvite> Invites { get; } = [];

    /// <summary>The longest free first.</summary>
    public List<ushort> FreedNetworkIds { get; } = [];

    public List<ModelSession> Sessions { get; } = [];

    /// <summary>Every event there ever was; the state keeps the last ones as audit records.</summary>
    public List<ModelEvent> Events { get; } = [];

    public HitTable Hits { get; init; } = new();

    public ModelNode? Node(NodeId id) => Nodes.Find(node => node.Id == id.Value);

    public ModelNetwork? Network(NetworkId id) => Networks.Find(network => network.Id == id.Value);

    /// <summary>One log entry (2.3, 2.5): time, sweep, then each mutation under its own revision.</summary>
    public List<Outcome> Apply(LogEntry entry)
    {
        if (FoundedAt == 0) FoundedAt = entry.Time;
        Time = Math.Max(Time, entry.Time);
        Sweep();
        Sessions.RemoveAll(IsExpired);
        var outcomes = new List<Outcome>();
        foreach (var step in entry.Steps)
        {
            Revision++;
            outcomes.Add(step.Proposal is { } proposal ? Mutate(proposal) : Unreadable());
        }

        return outcomes;
    }

    private void Sweep()
    {
        var expired = Invites.Where(invite => !IsLive(invite))
            .OrderBy(invite => invite.CreatedAt).ThenBy(invite => invite.Network).ThenBy(invite => invite.Target)
            .Take(Limits.SweepMax).ToList();
        if (expired.Count == 0) return;
        Revision++;
        foreach (var invite in expired)
        {
            Invites.Remove(invite);
            var text = Text("invite.expired", ("network_id", invite.Network), ("target_node_id", invite.Target));
            Events.Add(new(Revision, Time, "system", "system", null, text));
        }

        Hits.Add("sweep", expired.Count == Limits.SweepMax ? "full" : "some");
    }

    private bool IsLive(ModelInvite invite) => Time - invite.CreatedAt <= Limits.InviteTtlMs;

    private Outcome Unreadable()
    {
        Hits.Add("entry", "unreadable mutation");
        return new(Code.InvalidArgument, Revision);
    }

    /// <summary>Step (5): the row of the command, whose rejection leaves nothing behind.</summary>
    private Outcome Decide(Proposal proposal)
    {
        _actor = proposal.Actor;
        _actorRole = _actor.Kind switch
        {
            ActorKind.Admin => "admin",
            ActorKind.NetworkAdmin => _actor.Level.ToText(),
            ActorKind.Node => "node",
            _ => "key",
        };
        _results = default;
        _ownEvents.Clear();
        _inviteEvents.Clear();
        _successionEvents.Clear();

        var code = Row(proposal.Mutation);
        if (code != Code.Ok) return new(code, Revision);
        foreach (var text in EventsInOrder())
            Events.Add(new(Revision, Time, _actor.ToString(), _actorRole, proposal.RequestId, text));
        return new(code, Revision, _results);
    }

    /// <summary>Section 4: its own, then invites that went by network and target, then succession by network.</summary>
    private IEnumerable<string> EventsInOrder() =>
    [
        .. _ownEvents,
        .. _inviteEvents.OrderBy(gone => gone.Network).ThenBy(gone => gone.Target).Select(gone => gone.Event),
        .. _successionEvents.OrderBy(change => change.Network).Select(change => change.Event),
    ];

    private Code Row(Mutation mutation) => mutation switch
    {
        RegisterNode m => Register(m),
        DeregisterNode m => Deregister(m),
        RotateNodeKey m => Rotate(m),
        SetExternalId m => SetExternal(m),
        SetTaskExec m => SetTask(m),
        CreateNetwork m => Create(m),
        DeleteNetwork m => Delete(m),
        RenameNetwork m => Rename(m),
        SetNetworkEnterprise m => SetEnterprise(m),
        SetJoinRule m => SetRule(m),
        SetNetworkAdminToken m => SetAdminToken(m),
        SetNetworkPolicy m => SetPolicy(m),
        SetExprPolicy m => SetExpr(m),
        SetRbacPreassignments m => SetPreassignments(m),
        JoinNetwork m => Join(m),
        LeaveNetwork m => Leave(m),
        KickMember m => Kick(m),
        PromoteMember m => Promote(m),
        DemoteMember m => Demote(m),
        TransferOwnership m => Transfer(m),
        SetMemberTags m => SetTags(m),
        InviteToNetwork m => Invite(m),
        RespondInvite m => Respond(m),
        RevokeInvite m => Revoke(m),
        MalformedMutation => Code.InvalidArgument,
        _ => Code.UnknownCommand,
    };

    private void Own(string action, params (string Name, object Value)[] attributes) =>
        _ownEvents.Add(Text(action, attributes));

    private static string Text(string action, params (string Name, object Value)[] attributes) =>
        EventText.Of(action, attributes.Select(a => KeyValuePair.Create(a.Name, a.Value)));
}
