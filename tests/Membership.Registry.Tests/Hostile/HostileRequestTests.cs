using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Protocol.Tokens;
using Membership.Registry.Tests.Requests;
using Membership.State;
using Xunit.Abstractions;

namespace Membership.Registry.Tests.Hostile;

/// <summary>
/// Bytes that nobody sends in good faith. Runs and seed come from the environment, so that a night's run is a longer one of the same:
/// <c>MEMBERSHIP_WIRE_RUNS=20000000 MEMBERSHIP_SEED=7 dotnet test tests/Membership.Registry.Tests --filter HostileRequestTests</c>.
/// </summary>
public sealed class HostileRequestTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Runs = HostileRuns.FromEnvironment("MEMBERSHIP_WIRE_RUNS", 200_000);
    private static readonly int Seed = HostileRuns.Seed;

    private static readonly MembershipState Founded = MembershipState.Founded("alpha");
    private readonly RequestParser _parser = new(takesStockWords: true);
    private readonly ClusterSecret _secret = new(new byte[32]);
    private readonly NodeKey _key = NodeKey.FromSeed(new byte[32]);

    public void Dispose()
    {
        _secret.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void Whatever_the_bytes_are_there_is_a_request_or_a_fault_and_the_same_twice()
    {
        var random = new Random(Seed);
        var mutator = new JsonMutator(random);
        var samples = Samples().ToArray();
        var codes = new Dictionary<Code, int>();
        for (var run = 0; run < Runs; run++)
        {
            var valid = samples[random.Next(samples.Length)];
            var bytes = mutator.Mutate(valid, samples[random.Next(samples.Length)]);
            // A payload that is spoiled before it is sealed gets further than a spoiled envelope.
            if (random.Next(4) == 0) bytes = Seal(bytes);
            try
            {
                var code = Judge(bytes);
                Assert.Equal(code, Judge(bytes));
                codes[code] = codes.GetValueOrDefault(code) + 1;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"MEMBERSHIP_SEED={Seed}, run {run}: {Convert.ToHexString(bytes)}"), e);
            }
        }

        output.WriteLine($"MEMBERSHIP_SEED={Seed}: {string.Join(", ", codes.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Code[] all = [Code.Ok, Code.InvalidJson, Code.UnknownCommand, Code.InvalidArgument, Code.Backbone];
        Assert.All(all, code => Assert.True(codes.GetValueOrDefault(code) > 0, $"never {code}"));
    }

    [Fact]
    public void Whatever_the_bytes_are_a_client_has_an_answer_or_none()
    {
        var random = new Random(Seed);
        var mutator = new JsonMutator(random);
        byte[][] samples =
        [
            "{\"type\":\"join_network_ok\",\"revision\":5,\"address\":\"1:0001.0000.0001\",\"rules\":{\"links\":1}}"u8.ToArray(),
            "{\"type\":\"error\",\"error\":\"x\",\"code\":\"outcome_unknown\",\"request_id\":\"000000000000000a000000000000000b\"}"u8.ToArray(),
        ];
        for (var run = 0; run < Runs / 20; run++)
        {
            var bytes = mutator.Mutate(samples[run % 2], samples[1]);
            if (!Answer.TryParse(bytes, out var answer)) continue;
            _ = (answer.Code, answer.Error, answer.Field, answer.Leader, answer.RequestId, answer.Revision);
            Assert.Equal(answer.IsError, answer.Code != Code.Ok);
        }
    }

    [Fact]
    public void Work_is_linear_in_the_bytes()
    {
        const int Bytes = 4 * 1024 * 1024;
        (string Name, byte[] Json)[] inputs =
        [
            ("keys", Filled("{", i => $"\"{i}\":0,", "\"type\":0}")),
            ("nested keys", Filled("{\"a\":{", i => $"\"{i}\":0,", "\"type\":0}}")),
            ("objects", Filled("{\"a\":[", _ => "{\"a\":{}},", "0]}")),
            ("escapes", Filled("{\"type\":\"", _ => "\\ud83d\\ude00", "\"}")),
            ("backslashes", Filled("{\"type\":\"", _ => "\\\\", "\"}")),
            ("items", Filled("{\"type\":\"set_member_tags\",\"network_id\":1,\"target_node_id\":1,\"tags\":[", _ => "\"\",", "\"\"]}")),
            ("roles", Filled("{\"type\":\"set_rbac_preassignments\",\"network_id\":1,\"roles\":[",
                _ => "{\"external_id\":\"\",\"role\":\"\"},", "{\"external_id\":\"\",\"role\":\"\"}]}")),
            ("digits", Filled("{\"type\":\"get_node\",\"node_id\":1", _ => "0", "}")),
            ("brackets", Filled("{\"a\":", _ => "[", "}")),
            ("blanks", Filled("", _ => " ", "{}")),
            ("signatures", Filled("{\"type\":\"signed\",\"payloadType\":\"application/vnd.membership.request+json\",\"payload\":\"\",\"signatures\":[", _ => "{},", "{}]}")),
            ("sealed keys", Seal(Filled("{", i => $"\"{i}\":0,", "\"type\":0}", Bytes / 2))),
        ];
        foreach (var (name, json) in inputs)
        {
            Judge(json);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            Judge(json);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{name}: {watch.Elapsed}");
            Assert.True(allocated < 64L * Bytes, $"{name}: {allocated} bytes");
        }

        byte[] Filled(string head, Func<int, string> piece, string tail, int bytes = Bytes)
        {
            var text = new StringBuilder(head);
            for (var i = 0; text.Length + tail.Length + 64 < bytes; i++) text.Append(piece(i));
            return Encoding.UTF8.GetBytes(text.Append(tail).ToString());
        }
    }

    /// <summary>Reads a request, and uses what is read as a replica would.</summary>
    private Code Judge(byte[] bytes)
    {
        if (!_parser.TryParse(bytes, out var request, out var fault))
        {
            Assert.Null(request);
            Assert.Equal(fault.Code == Code.InvalidArgument, fault.Field is not null);
            Assert.True(fault.Code is Code.InvalidJson or Code.UnknownCommand or Code.InvalidArgument or Code.Backbone);
            return fault.Code;
        }

        _secret.FingerprintOf(request.Content);
        _ = (request.Command.Credential, request.Command.Network, request.Command.Challenge);
        if (request.Command is MutationCommand command)
        {
            // The curve is left out here: it costs more than all of the rest.
            var isKey = command.Mutation is RegisterNode or RotateNodeKey;
            var mutation = isKey ? command.Mutation : command.Complete(new ProposalInputs("alpha", _secret, _ => null));
            var proposal = new Proposal(request.RequestId ?? new(1, 1), default, Actor.Admin(), mutation)
            {
                Settled = request.Settled,
                IssuedAt = request.Claims?.IssuedAt,
            };
            Assert.Null(proposal.CheckShape());
            var entry = new ArrayBufferWriter<byte>();
            EntryFormat.Write(entry, 1_763_900_000_000, [proposal.Encode()]);
            var outcome = Assert.Single(new MembershipStore(Founded).Apply(1, 1, new(entry.WrittenMemory)).Outcomes);
            Assert.NotEqual(Code.InvalidArgument, outcome.Code);
            Assert.NotEqual(Code.Backbone, outcome.Code);
        }

        return Code.Ok;
    }

    private static IEnumerable<byte[]> Samples() =>
        CommandTable.Commands.Keys.SelectMany(command => new[]
        {
            CommandTable.Request(command),
            CommandTable.Request(command, ("request_id", null), ("settled", null), ("admin_token", null), ("signature", null)),
            CommandTable.Request(
                command, ("admin_token", null), ("signer", "7"), ("cluster", "\"alpha\""), ("issued_at", "1763900000")),
        }).Append("""{"type":"register","public_key":"AAAA","listen_addr":":1"}""").Select(Encoding.UTF8.GetBytes);

    private byte[] Seal(byte[] payload)
    {
        var written = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(payload, new(7), _key).WriteTo(written);
        return written.WrittenSpan.ToArray();
    }
}
