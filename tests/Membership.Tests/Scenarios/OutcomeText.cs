using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Membership.Audit;
using Membership.Events;
using Membership.Formats;
using MessagePack;

namespace Membership.Tests.Scenarios;

/// <summary>Writes outcomes and events with names in place of ids.</summary>
internal sealed class OutcomeText(ScenarioNames names)
{
    /// <summary><c>ok</c> with the results of this command, or <c>rejected: code</c>.</summary>
    public string Of(MutationKind kind, Outcome outcome)
    {
        var text = outcome.IsOk ? $"ok{Results(kind, outcome.Results)}" : $"rejected: {CodeName(outcome.Code)}";
        return outcome.Repeated ? string.Create(CultureInfo.InvariantCulture, $"{text} (stored at revision {outcome.Revision})") : text;
    }

    /// <summary>The event's action and its attributes, in their order.</summary>
    public string Of(Event e)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var attributes = new AttributeWriter(new FieldWriter(bytes));
        e.Describe(ref attributes);
        attributes.Flush();
        var reader = new MessagePackReader(bytes.WrittenMemory);
        var text = e.Action;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = reader.ReadString()!;
            text += $" {name}={Value(name, ref reader)}";
        }

        return text;
    }

    /// <summary>An audit record without its attributes: who did it, as what, under which request id.</summary>
    public string Of(AuditEntry entry)
    {
        var request = entry.RequestId is { } id ? names.TextOf(id) : "none";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Number}: {entry.Action} revision={entry.Revision} at={ScenarioTime.ToText(entry.Time)}"
            + $" by={ActorText(entry.Actor)} as={entry.ActorRole} request={request}");
    }

    /// <summary>The code's name; the role gate's own <c>not_a_member</c> is told apart.</summary>
    public static string CodeName(Code code) => code == Code.ActorNotAMember ? "not_a_member (the actor)" : code.ToName();

    public static string Quoted(string text) =>
        text.Length == 0 || text.AsSpan().ContainsAny(" \"'\n") ? $"\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\"" : text;

    // A key has no number to call it by.
    private string ActorText(string actor) => actor.StartsWith("key:", StringComparison.Ordinal)
        ? $"key:{names.TextOf(new PublicKey(Convert.FromBase64String(actor["key:".Length..])))}"
        : actor;

    private string Results(MutationKind kind, Results r) => kind switch
    {
        MutationKind.RegisterNode or MutationKind.DeregisterNode =>
            $" node_id={names.TextOf(r.Node)} existing={(r.Flag ? "true" : "false")}",
        MutationKind.RotateNodeKey => string.Create(
            CultureInfo.InvariantCulture, $" node_id={names.TextOf(r.Node)} key_version={r.Number}"),
        MutationKind.SetExternalId or MutationKind.SetTaskExec => $" node_id={names.TextOf(r.Node)}",
        MutationKind.CreateNetwork => string.Create(CultureInfo.InvariantCulture, $" network_id=#{r.Network}"),
        MutationKind.SetRbacPreassignments => string.Create(CultureInfo.InvariantCulture, $" count={r.Number}"),
        MutationKind.JoinNetwork or MutationKind.RespondInvite or MutationKind.PromoteMember or MutationKind.DemoteMember =>
            r.Role == Role.None ? "" : $" role={r.Role.ToText()}",
        MutationKind.TransferOwnership => $" old_owner={names.TextOf(r.Node)}",
        MutationKind.InviteToNetwork => r.Flag ? " status=already_invited" : "",
        _ => r == default ? "" : $" {r}",
    };

    private string Value(string name, ref MessagePackReader r)
    {
        switch (r.NextMessagePackType)
        {
            case MessagePackType.Boolean:
                return r.ReadBoolean() ? "true" : "false";
            case MessagePackType.Integer:
                return Number(name, r.ReadUInt64());
            case MessagePackType.Array:
                var items = ImmutableArray.CreateBuilder<string>();
                for (var left = r.ReadArrayHeader(); left > 0; left--) items.Add(Value("", ref r));
                return $"[{string.Join(',', items)}]";
            default:
                return Quoted(r.ReadString()!);
        }
    }

    private string Number(string name, ulong value) => name switch
    {
        "network_id" => names.TextOf(new NetworkId((ushort)value)),
        "node_id" or "target_node_id" or "inviter_id" or "creator_node_id" or "old_owner" or "new_owner" =>
            names.TextOf(new NodeId((uint)value)),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
