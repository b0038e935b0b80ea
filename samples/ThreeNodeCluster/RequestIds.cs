using System.Security.Cryptography;
using Membership;

namespace ThreeNodeCluster;

/// <summary>One client: a random number drawn once, and a sequence that rises.</summary>
internal sealed class RequestIds
{
    private readonly ulong _client = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private ulong _sequence;

    /// <summary>The sequence given out last; null before the first.</summary>
    public ulong? Last => _sequence == 0 ? null : _sequence;

    /// <summary>A proposal with the next request id. Its fingerprint is the id's: this client never reuses one.</summary>
    public Proposal Make(Actor actor, Mutation mutation)
    {
        var sequence = Interlocked.Increment(ref _sequence);
        return new(new(_client, sequence), new(_client, sequence), actor, mutation);
    }
}
