using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>What an <see cref="AppliedEvent"/> says, without an object for the kinds that come in numbers.</summary>
/// <remarks>
/// Most events are read by nobody, and all of them are held until as many others have come. As objects, each would be copied from one of the
/// collector's generations to the next; without them it has a quarter as much to copy, and a loaded cluster applies a twentieth more.
/// </remarks>
internal readonly struct HeldEvent
{
    private readonly long _time;
    private readonly Actor _actor;
    private readonly string _actorRole;
    private readonly RequestId? _requestId;
    private readonly Form _form;
    private readonly byte _detail;
    private readonly NetworkId _network;
    private readonly NodeId _node;
    private readonly NodeId _other;

    // What is in no other field; of a rare kind, the event itself.
    private readonly object? _rest;

    public HeldEvent(AppliedEvent applied)
    {
        Revision = applied.Revision;
        Bytes = EventBytes.Of(applied.Event);
        _time = applied.Time;
        _actor = applied.Actor;
        _actorRole = applied.ActorRole;
        _requestId = applied.RequestId;
        (_form, _network, _node, _other, _detail, _rest) = applied.Event switch
        {
            NetworkJoined x => (Form.Joined, x.Network, x.Node, default, (byte)x.Role, null),
            NetworkLeft x => (Form.Left, x.Network, x.Node, default, default, null),
            MemberKicked x => (Form.Kicked, x.Network, x.Target, default, (byte)x.Role, null),
            MemberTagsChanged x => (Form.TagsChanged, x.Network, x.Target, default, default, ImmutableCollectionsMarshal.AsArray(x.Tags)),
            NodeRegistered x => (Form.Registered, default, x.Node, default, default, null),
            InviteCreated x => (Form.Invited, x.Network, x.Target, x.Inviter, default, null),
            InviteResponded x => (Form.Responded, x.Network, x.Node, default, x.Accepted ? (byte)1 : default, null),
            var rare => (Form.Itself, default(NetworkId), default(NodeId), default(NodeId), default(byte), (object?)rare),
        };
    }

    private enum Form : byte
    {
        Itself,
        Joined,
        Left,
        Kicked,
        TagsChanged,
        Registered,
        Invited,
        Responded,
    }

    /// <summary>The revision that it belongs to.</summary>
    public ulong Revision { get; }

    /// <summary>Bytes that it holds, at most.</summary>
    public int Bytes { get; }

    /// <summary>The event; not the same object, an equal one.</summary>
    public AppliedEvent ToApplied() => new(Revision, _time, _actor, _actorRole, _requestId, ToEvent());

    private Event ToEvent() => _form switch
    {
        Form.Joined => new NetworkJoined(_node, _network, (Role)_detail),
        Form.Left => new NetworkLeft(_node, _network),
        Form.Kicked => new MemberKicked(_node, _network, (Role)_detail),
        Form.TagsChanged => new MemberTagsChanged(_network, _node, ImmutableCollectionsMarshal.AsImmutableArray((string[]?)_rest)),
        Form.Registered => new NodeRegistered(_node),
        Form.Invited => new InviteCreated(_network, _other, _node),
        Form.Responded => new InviteResponded(_node, _network, _detail != 0),
        _ => (Event)_rest!,
    };
}
