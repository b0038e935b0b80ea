using System.Buffers;
using System.Globalization;
using System.Text;
using Membership.Benchmarks.Replicas;
using Membership.Protocol.Frames;
using Membership.Protocol.Signing;

namespace Membership.Benchmarks.Signed;

/// <summary>A node that signs requests of its own: it joins networks and leaves them again, each time a change.</summary>
internal sealed class SigningNode(NodeId id, int networks) : IDisposable
{
    // Replicas keep 1 024 outcomes of a session; what is so far back was answered long ago.
    private const ulong KeptOutcomes = 256;

    private readonly NodeKey _key = NodeKey.Create(stackalloc byte[NodeKey.SeedBytes]);
    private readonly Random _random = new((int)id.Value);
    private ulong _sequence;
    private int _network;

    public PublicKey PublicKey => _key.PublicKey;

    /// <summary>Signs its next requests, to be sent in this order and soon: their time of issue is now.</summary>
    public SignedBatch Sign(int count)
    {
        var frames = new ArrayBufferWriter<byte>();
        var ends = new int[count];
        var signatures = new List<SignedEnvelope>();
        for (var i = 0; i < count; i++)
        {
            var envelope = SignedEnvelope.Sign(NextPayload(), id, _key);
            var content = new ArrayBufferWriter<byte>();
            envelope.WriteTo(content);
            Frame.Write(frames, content.WrittenSpan);
            ends[i] = frames.WrittenCount;
            signatures.Add(envelope);
        }

        return new(frames.WrittenMemory, ends, signatures);
    }

    public void Dispose() => _key.Dispose();

    private byte[] NextPayload()
    {
        var isJoin = _sequence % 2 == 0;
        if (isJoin) _network = 1 + _random.Next(networks);
        var request = new RequestId(id.Value, ++_sequence);
        var settled = _sequence > KeptOutcomes ? $",\"settled\":\"{_sequence - KeptOutcomes:x16}\"" : "";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"type\":\"{(isJoin ? "join_network" : "leave_network")}\",\"node_id\":{id.Value},\"network_id\":{_network},\"signer\":{id.Value},"
            + $"\"cluster\":\"{ReplicaPlan.ClusterId}\",\"request_id\":\"{request}\",\"issued_at\":{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}{settled}}}"));
    }
}
