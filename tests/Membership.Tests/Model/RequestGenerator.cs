namespace Membership.Tests.Model;

/// <summary>Gives mutations their request ids: mostly the next of a client's sequence, sometimes a repetition, a reuse, a settled one.</summary>
internal sealed class RequestGenerator(Chance chance)
{
    private readonly Dictionary<(ModelSessionOwner Owner, ulong Client), ulong> _sequences = [];
    private readonly List<Proposal> _sent = [];
    private ulong _content;

    /// <summary>The mutation as a request of this actor.</summary>
    /// <param name="time">Cluster time when the request is applied, Unix ms.</param>
    public Proposal Next(Actor actor, Mutation mutation, long time)
    {
        if (_sent.Count > 0 && chance.Percent(6)) return chance.Pick(_sent);
        var client = (ulong)(chance.Percent(70) ? 1 : chance.Between(2, 5));
        var owner = ModelSessionOwner.Of(actor, client);
        var last = _sequences.GetValueOrDefault((owner, client));
        var sequence = chance.Between(0, 99) switch
        {
            < 4 => last - Math.Min(last, (ulong)chance.Between(0, 3)),
            < 8 => last + 3,
            _ => last + 1,
        };
        _sequences[(owner, client)] = Math.Max(last, sequence);
        var proposal = new Proposal(new(client, sequence), new(0, ++_content), actor, mutation)
        {
            Settled = Settled(sequence),
            IssuedAt = IssuedAt(actor, time),
        };
        _sent.Add(proposal);
        if (_sent.Count > 40) _sent.RemoveAt(0);
        return proposal;
    }

    private ulong? Settled(ulong sequence) => chance.Between(0, 99) switch
    {
        < 30 => null,
        < 31 => sequence + (ulong)chance.Between(0, 1),
        _ when sequence == 0 => null,
        < 75 => sequence - 1,
        _ => sequence - Math.Min(sequence, (ulong)chance.Between(1, 4)),
    };

    /// <summary>Nodes and keys sign, most of the time; tokens never do.</summary>
    private long? IssuedAt(Actor actor, long time)
    {
        if (actor.Kind is not (ActorKind.Node or ActorKind.Key) || chance.Percent(25)) return null;
        return time / 1000 + chance.Between(0, 99) switch
        {
            < 60 => -chance.Between(0, 3),
            < 90 => -chance.Between(4, 40),
            < 92 => -120,
            < 94 => -121,
            < 96 => 60,
            < 97 => 61,
            < 98 => 66,
            _ => -chance.Between(41, 130),
        };
    }
}
