using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Registry.Authentication;
using Membership.Registry.Handling;
using Membership.Registry.Tests.Handlers;
using Membership.Replication;
using Xunit.Abstractions;

namespace Membership.Registry.Tests.Hostile;

/// <summary>
/// Credentials that are nearly right. Runs and seed come from the environment:
/// <c>MEMBERSHIP_AUTH_RUNS=5000000 MEMBERSHIP_SEED=7 dotnet test tests/Membership.Registry.Tests --filter AuthenticatorFuzzTests</c>.
/// </summary>
public sealed class AuthenticatorFuzzTests : IDisposable
{
    private static readonly int Runs = HostileRuns.FromEnvironment("MEMBERSHIP_AUTH_RUNS", 40_000);

    // What may be said before a handler looks at anything but the credential: command specification, sections 5, 7 and 8.
    private static readonly Code[] Codes =
    [
        Code.Ok, Code.InvalidJson, Code.UnknownCommand, Code.InvalidArgument, Code.Backbone, Code.SignatureRequired, Code.SignatureInvalid,
        Code.LegacyDisabled, Code.UnknownSigner, Code.WrongCluster, Code.RequestExpired, Code.RequestFromFuture, Code.StaleCredential,
        Code.AdminRequired, Code.AdminTokenInvalid, Code.TlsRequired,
    ];

    private readonly ITestOutputHelper _output;
    private readonly FakeTime _time = new();
    private readonly Random _random = new(HostileRuns.Seed);
    private readonly RequestParser _parser = new(takesStockWords: true);
    private readonly SignedThings _things = new();
    private readonly RegistryOptions _stock = RegistryOptions.PilotCompatible();
    private readonly RegistryOptions _strict = new();
    private readonly Dictionary<string, int> _seen = [];

    public AuthenticatorFuzzTests(ITestOutputHelper output)
    {
        _output = output;
        foreach (var options in new[] { _stock, _strict }) options.AdminTokens.Add(SignedThings.AdminToken);
    }

    public void Dispose() => _things.Dispose();

    [Fact]
    public void Nobody_is_taken_for_whom_they_have_not_proved_to_be()
    {
        var samples = Samples().ToArray();
        var mutator = new CredentialMutator(_random);
        foreach (var sample in samples) Judge(sample);
        for (var run = 0; run < Runs; run++)
        {
            var bytes = mutator.Mutate(samples[_random.Next(samples.Length)], samples[_random.Next(samples.Length)]);
            try
            {
                Judge(bytes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"MEMBERSHIP_SEED={HostileRuns.Seed}, run {run}: {Encoding.UTF8.GetString(bytes)}"), e);
            }
        }

        _output.WriteLine($"MEMBERSHIP_SEED={HostileRuns.Seed}: {string.Join(", ", _seen.OrderBy(p => p.Key).Select(p => $"{p.Key} {p.Value}"))}");
        Assert.All(Codes, code => Assert.True(_seen.ContainsKey($"{code}"), $"never {code}"));
        Assert.All(
            new[] { ActorKind.Admin, ActorKind.NetworkAdmin, ActorKind.Node, ActorKind.Key },
            kind => Assert.True(_seen.ContainsKey($"as {kind}"), $"never {kind}"));
    }

    /// <summary>Authenticates as a replica would, and holds the result against what was signed and which tokens there are.</summary>
    private void Judge(byte[] bytes)
    {
        var isParsed = _parser.TryParse(bytes, out var request, out var fault);
        Count($"{fault.Code}", !isParsed);
        if (!isParsed)
        {
            Assert.Contains(fault.Code, Codes);
            return;
        }

        var options = _random.Next(2) == 0 ? _stock : _strict;
        var source = _random.Next(8) == 0 ? RegistryClient.Remote : RequestSource.InProcess;
        var identity = Identify(request!, options, source);
        Assert.Contains(identity.Code, Codes);
        Count($"{identity.Code}", true);
        if (identity.Actor is not { } actor) return;
        Assert.Equal(Code.Ok, identity.Code);
        Assert.True(source == RequestSource.InProcess, "a credential in the clear");
        Assert.True(IsProven(request!, actor, options), $"{actor} by {request}");
        Count($"as {actor.Kind}", true);
    }

    private Identity Identify(Request request, RegistryOptions options, RequestSource source)
    {
        var replica = new MembershipReplica(new());
        var authenticator = new Authenticator(replica, options, new(options, _things.World.Secret));
        if (authenticator.CheckPresentation(request, source) is var shown and not Code.Ok) return Identity.Refused(shown);
        var identity = authenticator.Identify(request, _things.World.Present, isConfirmed: true);
        return request.Command is Query
            ? new QueryHandler(replica, options, authenticator, _time).CheckSignature(request, identity, _things.World.Present)
            : identity;
    }

    private bool IsProven(Request request, Actor actor, RegistryOptions options) => actor.Kind switch
    {
        ActorKind.Admin => request.AdminToken == SignedThings.AdminToken && request.Claims is null,
        ActorKind.NetworkAdmin => request.AdminToken == SignedThings.NetworkToken
            && actor.Network == new NetworkId(1) && request.Command.Network == actor.Network && request.Claims is null,
        _ when request.Claims is { } claims => IsSigned(request, claims, actor),
        _ => options.LegacySignatures && request.Command.Challenge is { } challenge && IsLegacySigned(request, challenge, actor),
    };

    // The payload has to be, byte for byte, one that a key of this actor has signed, for this cluster and in this signer's name.
    private bool IsSigned(Request request, SignedClaims claims, Actor actor)
    {
        var payload = claims.Envelope.Payload.Span;
        var json = JsonNode.Parse(Encoding.UTF8.GetString(payload))!;
        if ((string)json["cluster"]! != "alpha" || (uint)json["signer"]! != actor.Node.Value || (string)json["type"]! != request.Type) return false;
        return actor.Kind == ActorKind.Key
            ? RegistersKey(request, actor, out var key) && (string)json["public_key"]! == key.ToString() && _things.HasSigned(key, Convert.ToHexString(payload))
            : _things.HasSigned(actor, payload);
    }

    private bool IsLegacySigned(Request request, LegacyChallenge challenge, Actor actor) => actor.Kind == ActorKind.Key
        ? RegistersKey(request, actor, out var key) && _things.HasSigned(key, challenge.Text)
        : challenge.Signer == actor.Node && _things.HasSigned(_things.PresentKey(actor.Node), challenge.Text);

    private static bool RegistersKey(Request request, Actor actor, out PublicKey key)
    {
        key = ((request.Command as MutationCommand)?.Mutation as RegisterNode)?.PublicKey ?? default;
        return actor == Actor.ForKey(key);
    }

    private IEnumerable<byte[]> Samples()
    {
        var now = _time.UnixSeconds;
        string[] commands =
        [
            """{"type":"join_network","node_id":2,"network_id":2,"token":"t"}""", """{"type":"respond_invite","node_id":2,"network_id":1,"accept":true}""",
            """{"type":"rename_network","network_id":1,"name":"x"}""", """{"type":"poll_invites","node_id":2}""", """{"type":"list_networks"}""",
        ];
        foreach (var command in commands)
        {
            foreach (var key in _things.Keys)
            {
                for (var signer = 1u; signer <= 5; signer++) yield return _things.Sign(key, signer, _things.Payload(command, signer, now));
            }

            yield return _things.Sign(_things.Keys[0], 1, _things.Payload(command, 1, now, "beta"));
            yield return _things.Sign(_things.Keys[0], 1, _things.Payload(command, 1, now - 200));
            yield return _things.Sign(_things.Keys[0], 1, _things.Payload(command, 1, now + 200));
            foreach (var token in new[] { SignedThings.AdminToken, SignedThings.NetworkToken, "wrong" }) yield return WithToken(command, token);
            yield return Encoding.UTF8.GetBytes(command);
        }

        foreach (var sample in Registrations(now).Concat(Legacies())) yield return sample;
        yield return WithToken("""{"type":"set_network_enterprise","network_id":1,"enterprise":true}""", SignedThings.AdminToken);
        yield return """{"type":"set_network_enterprise","network_id":1,"enterprise":true}"""u8.ToArray();
        yield return """{"type":"rename_network","network_id":0,"name":"x","admin_token":"x"}"""u8.ToArray();
    }

    private IEnumerable<byte[]> Registrations(long now)
    {
        foreach (var key in new[] { _things.Keys[^1], _things.Keys[0] })
        {
            var command = $$"""{"type":"register_node","public_key":"{{_things.Keys[^1].PublicKey}}"}""";
            yield return _things.Sign(key, 0, _things.Payload(command, 0, now));
            var text = SignedText.Register(":1", _things.Keys[^1].PublicKey.ToString());
            yield return Encoding.UTF8.GetBytes(
                $$"""{"type":"register","listen_addr":":1","public_key":"{{_things.Keys[^1].PublicKey}}","signature":"{{_things.SignText(key, text)}}"}""");
        }
    }

    private IEnumerable<byte[]> Legacies()
    {
        foreach (var key in _things.Keys)
        {
            (string Command, string Text)[] signed =
            [
                ("\"type\":\"join_network\",\"node_id\":2,\"network_id\":1", SignedText.JoinNetwork(new(2), new(1))),
                ("\"type\":\"leave_network\",\"node_id\":2,\"network_id\":1", SignedText.LeaveNetwork(new(2), new(1))),
                ("\"type\":\"invite_to_network\",\"inviter_id\":1,\"network_id\":1,\"target_node_id\":2", SignedText.Invite(new(1), new(1), new(2))),
                ("\"type\":\"poll_invites\",\"node_id\":4", SignedText.PollInvites(new(4))),
                ("\"type\":\"deregister\",\"node_id\":3", SignedText.Deregister(new(3))),
                ("\"type\":\"set_task_exec\",\"node_id\":1,\"enabled\":true", SignedText.SetTaskExec(new(1))),
                ("\"type\":\"list_nodes\",\"network_id\":1,\"requester_id\":4", SignedText.ListNodes(new(4), new(1))),
            ];
            foreach (var (command, text) in signed)
            {
                var signature = _things.SignText(key, text);
                yield return Encoding.UTF8.GetBytes($$"""{{{command}},"signature":"{{signature}}"}""");
                yield return Encoding.UTF8.GetBytes($$"""{{{command}},"signature":"{{signature}}","admin_token":"{{SignedThings.AdminToken}}"}""");
            }
        }
    }

    private static byte[] WithToken(string command, string token) => Encoding.UTF8.GetBytes($$"""{{command[..^1]}},"admin_token":"{{token}}"}""");

    private void Count(string what, bool isSeen)
    {
        if (isSeen) _seen[what] = _seen.GetValueOrDefault(what) + 1;
    }
}
