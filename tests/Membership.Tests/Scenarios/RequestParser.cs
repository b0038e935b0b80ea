using System.Security.Cryptography;
using System.Text;
using Membership.State;

namespace Membership.Tests.Scenarios;

/// <summary>A proposal, and the name that what it makes is called by.</summary>
internal readonly record struct Request(Proposal Proposal, string NewName)
{
    public MutationKind Kind => Proposal.Mutation.Kind;
}

/// <summary>
/// Makes a proposal of a line <c>as WHO [id=CLIENT:SEQUENCE] [settled=N] [issued=TIME]: COMMAND …</c>. WHO is <c>admin</c>,
/// <c>admin#2</c> (another admin token), a node, <c>key NAME</c> or <c>network_admin NETWORK</c>.
/// </summary>
internal sealed class RequestParser(ScenarioNames names, ScenarioTokens tokens)
{
    private readonly MutationParser _mutations = new(names, tokens);
    private ulong _lastSequence;

    public Request Parse(string line, MembershipState state)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (!line.StartsWith("as ", StringComparison.Ordinal) || colon < 0)
            throw new ScenarioException($"'{line}' is no request: a request looks like 'as alice: leave_network alice ops'");

        var command = line[(colon + 2)..];
        var who = new Arguments(CommandWords.Split(line["as ".Length..colon]));
        var actor = Actor(who, state);
        var id = Id(who);
        var settled = who.Number<ulong>("settled");
        var issued = who.Named("issued");
        who.End();

        var words = CommandWords.Split(command);
        var mutation = _mutations.Parse(words[0].Value, new(words.Skip(1)), actor, state);
        return new(
            new(id, Content($"{settled} {issued} {command}"), actor, mutation)
            {
                Settled = settled,
                IssuedAt = issued is null ? null : (ScenarioTime.StartMs + ScenarioTime.ParseMs(issued)) / 1000,
            },
            words.Skip(1).FirstOrDefault(word => word.Name is null && word.Value != "enterprise").Value ?? "");
    }

    private Actor Actor(Arguments who, MembershipState state)
    {
        var name = who.Next("who asks");
        if (name == "admin") return Membership.Actor.Admin();
        if (name.StartsWith("admin#", StringComparison.Ordinal))
            return Membership.Actor.Admin((uint)ScenarioNumber.Parse(name["admin#".Length..]));
        if (name == "key") return Membership.Actor.ForKey(names.Key(who.Next("the key")));
        return name == "network_admin" ? NetworkAdmin(who, state) : Node(name, who, state);
    }

    // The token is checked against the version in the state that the replica sees, unless the line says another.
    private Actor NetworkAdmin(Arguments who, MembershipState state)
    {
        var network = names.Network(who.Next("the network"));
        state.Tables.Networks.TryGetValue(network, out var held);
        var version = who.Number<ulong>("version") ?? held?.AdminToken?.Version ?? 0;
        return Membership.Actor.NetworkAdmin(network, version, who.Flag("as_owner") ? Role.Owner : Role.Admin);
    }

    private Actor Node(string name, Arguments who, MembershipState state)
    {
        var id = names.Node(name);
        state.Tables.Nodes.TryGetValue(id, out var held);
        return Membership.Actor.ForNode(id, who.Number<ulong>("key_version") ?? held?.KeyVersion ?? 1);
    }

    // Without an id a request is the next of one client that never repeats itself.
    private RequestId Id(Arguments who)
    {
        if (who.Named("id") is not { } text) return new(names.Client("auto"), ++_lastSequence);

        var colon = text.LastIndexOf(':');
        return colon > 0
            ? new(names.Client(text[..colon]), ScenarioNumber.Parse(text[(colon + 1)..]))
            : throw new ScenarioException($"id={text}: an id looks like laptop:5");
    }

    // The content of a request is its text: a retry sends the same one.
    private static Fingerprint Content(string text) =>
        Fingerprint.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Fingerprint.Length));
}
