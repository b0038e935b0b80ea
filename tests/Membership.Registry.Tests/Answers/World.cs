using System.Buffers;
using System.Text;
using Membership.Events;
using Membership.Protocol.Answers;
using Membership.Protocol.Frames;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.State;

namespace Membership.Registry.Tests.Answers;

/// <summary>A state without a replica: requests go in as JSON, and their answers come out as JSON.</summary>
internal sealed class World : IDisposable
{
    /// <summary>The time of the first entry, Unix ms; each next one is 10 s later.</summary>
    public const long Start = 1_763_900_000_123;

    private readonly MembershipStore _store = new(MembershipState.Founded("alpha"));
    private readonly ClusterSecret _secret = new(new byte[32]);
    private readonly AnswerWriter _writer;
    private ulong _sequence;
    private long _index;

    public World(int bytesMax = Frame.BytesMax) => _writer = new(bytesMax);

    /// <summary>The state as it is now.</summary>
    public MembershipState Present => _store.Current;

    /// <summary>The secret of its tokens.</summary>
    public ClusterSecret Secret => _secret;

    /// <summary>The events of the last request.</summary>
    public IReadOnlyList<AppliedEvent> Events { get; private set; } = [];

    /// <summary>The key of a node, from its number.</summary>
    public static string KeyOf(byte number)
    {
        using var key = NodeKey.FromSeed(Enumerable.Repeat(number, 32).ToArray());
        return key.PublicKey.ToString();
    }

    /// <summary>Registers nodes 1 to <paramref name="count"/>.</summary>
    public World WithNodes(byte count)
    {
        for (byte number = 1; number <= count; number++) Change($$"""{"type":"register_node","public_key":"{{KeyOf(number)}}"}""");
        return this;
    }

    /// <summary>Reads, proposes and applies a mutation, and answers it. By an admin, unless a node is said.</summary>
    public string Change(string json, uint node = 0, bool stock = false) => Answer(json, Apply(json, ActorOf(node), stock), node, stock);

    public Outcome Apply(string json, Actor actor, bool stock = false)
    {
        var command = (MutationCommand)Wire.Read(json, stock).Command;
        var mutation = command.Complete(new ProposalInputs("alpha", _secret, _ => null));
        var proposal = new Proposal(new(1, ++_sequence), default, actor, mutation);
        var entry = new ArrayBufferWriter<byte>();
        EntryFormat.Write(entry, Start + 10_000 * _index, [proposal.Encode()]);
        var applied = _store.Apply(++_index, 1, new(entry.WrittenMemory));
        Events = applied.Events;
        return applied.Outcomes[0];
    }

    /// <summary>The answer to a mutation with this outcome.</summary>
    public string Answer(string json, Outcome outcome, uint node = 0, bool stock = false)
    {
        _writer.WriteOutcome(Wire.Read(json, stock), outcome, Present, ActorOf(node));
        return Text;
    }

    /// <summary>The answer to a query, by an admin unless a node is said.</summary>
    public string Ask(string json, Action<AnswerWriter, Request, Viewer> write, uint node = 0)
    {
        write(_writer, Wire.Read(json), new Viewer(Present, ActorOf(node)));
        return Text;
    }

    public void Dispose()
    {
        _secret.Dispose();
        _writer.Dispose();
    }

    private static Actor ActorOf(uint node) => node == 0 ? Actor.Admin() : Actor.ForNode(new(node));

    private string Text
    {
        get
        {
            var frame = new ReadOnlySequence<byte>(_writer.Frame);
            Assert.Equal(FrameStatus.Complete, Frame.Read(ref frame, Frame.BytesMax, out var content));
            Assert.True(content.ToArray().AsSpan().SequenceEqual(_writer.Json.Span));
            return Encoding.UTF8.GetString(_writer.Json.Span);
        }
    }
}
