using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Membership.Client;

namespace Membership.Registry.Tests.Client;

/// <summary>Pipelining and TLS.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Sixty_four_requests_are_under_way_on_one_connection_and_each_gets_its_own_answer()
    {
        const int Count = 300;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var replica = ScriptedReplica.Start(async request =>
        {
            // The first answer waits until as many have come as may, and a moment longer finds no more.
            await full.Task;
            return request.Ok($"\"network_id\":{request.Fields.GetProperty("network_id")}");
        });
        await using var client = Clients.Admin(replica);
        var deleting = Enumerable.Range(1, Count).Select(i => client.DeleteNetworkAsync(new((ushort)i))).ToList();
        await Eventually(() => replica.Requests.Count >= ReplicaConnection.InFlightMax);
        Assert.Equal(ReplicaConnection.InFlightMax, replica.Requests.Count);
        full.SetResult();
        var outcomes = await Task.WhenAll(deleting);
        Assert.Equal(Enumerable.Range(1, Count), outcomes.Select(outcome => (int)outcome.Require().Value));
        Assert.Equal(1, replica.ConnectionCount);
        Assert.Equal(Count, replica.Requests.Select(r => r.Sequence).Distinct().Count());
    }

    [Fact]
    public async Task Who_waits_within_what_follows_an_answer_still_gets_the_next_one()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok($"\"network_id\":{r.Fields.GetProperty("network_id")}"));
        await using var client = Clients.Admin(replica);
        var nested = DeleteAllAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(20, await nested);
        Assert.Equal(1, replica.ConnectionCount);

        async Task<int> DeleteAllAsync()
        {
            var deleted = 0;
            for (ushort i = 1; i <= 20; i += 2)
            {
                deleted += (await client.DeleteNetworkAsync(new(i)).ConfigureAwait(false)).Require().Value == i ? 1 : 0;
#pragma warning disable xUnit1031 // What nobody should do, and may.
                deleted += client.DeleteNetworkAsync(new((ushort)(i + 1))).GetAwaiter().GetResult().Require().Value == i + 1 ? 1 : 0;
#pragma warning restore xUnit1031
            }

            return deleted;
        }
    }

    [Fact]
    public async Task Who_waits_for_an_answer_that_came_together_with_its_own_gets_it()
    {
        var asked = 0;
        await using var replica = ScriptedReplica.Start(
            r => (++asked % 3 == 0 ? "" : ScriptedReplica.WithNext) + r.Ok($"\"network_id\":{r.Fields.GetProperty("network_id")}"));
        await using var client = Clients.Admin(replica);
        for (var round = 0; round < 10; round++)
        {
            var (one, two) = (client.DeleteNetworkAsync(new(1)), client.DeleteNetworkAsync(new(2)));
            var nested = WaitForBothAsync(one, two);
            var three = client.DeleteNetworkAsync(new(3));
            Assert.Equal(3, await nested.WaitAsync(TimeSpan.FromSeconds(5)));
            Assert.Equal(3, (await three).Require().Value);
        }

        static async Task<int> WaitForBothAsync(Task<ClientOutcome<NetworkId>> one, Task<ClientOutcome<NetworkId>> two)
        {
            var first = (await one.ConfigureAwait(false)).Require().Value;
#pragma warning disable xUnit1031 // What nobody should do, and may.
            return first + two.GetAwaiter().GetResult().Require().Value;
#pragma warning restore xUnit1031
        }
    }

    [Fact]
    public async Task Large_and_small_answers_follow_each_other()
    {
        await using var replica = ScriptedReplica.Start(
            r => r.Ok($"\"network_id\":{r.Fields.GetProperty("network_id")},\"x\":\"{new string('x', r.Sequence % 3 == 0 ? 300_000 : (int)r.Sequence)}\""));
        await using var client = Clients.Admin(replica);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 60).Select(i => client.DeleteNetworkAsync(new((ushort)i))));
        Assert.Equal(Enumerable.Range(1, 60), outcomes.Select(outcome => (int)outcome.Require().Value));
        Assert.Equal(1, replica.ConnectionCount);
    }

    [Fact]
    public async Task Requests_under_way_when_a_connection_breaks_are_all_sent_again()
    {
        await using var replica = ScriptedReplica.Start(
            r => r.Connection == 1 && r.Sequence > 10 ? ScriptedReplica.Close : r.Ok($"\"network_id\":{r.Fields.GetProperty("network_id")}"));
        await using var client = Clients.Signing(replica);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(i => client.DeleteNetworkAsync(new((ushort)i))));
        Assert.Equal(Enumerable.Range(1, 50), outcomes.Select(outcome => (int)outcome.Require().Value));
        Assert.All(replica.Requests.GroupBy(r => r.Id), same => Assert.Single(same.Select(r => r.Text).Distinct()));
    }

    [Fact]
    public async Task Several_connections_take_turns()
    {
        await using var replica = ScriptedReplica.Start(r => r.Ok("\"network_id\":7"));
        var options = Clients.Options(replica) with { ConnectionsPerReplica = 3 };
        await using var client = new MembershipClient(options, ClientIdentity.AdminToken("secret"));
        for (var i = 0; i < 9; i++) Assert.Equal(Code.Ok, (await client.DeleteNetworkAsync(Clients.Ops)).Code);
        Assert.Equal([3, 3, 3], replica.Requests.GroupBy(r => r.Connection).Select(connection => connection.Count()));
    }

    [Fact]
    public async Task Tls_checks_the_authority_and_the_name()
    {
        using var certificate = MakeCertificate();
        await using var replica = ScriptedReplica.Start(r => r.Ok("\"network_id\":7"), certificate);
        var trusted = new ClientTls { Authorities = [certificate], ServerName = "replica.test" };
        foreach (var (tls, expected) in new[]
        {
            (trusted, Code.Ok),
            (trusted with { ServerName = "other.test" }, Code.Unavailable),
            (new ClientTls { ServerName = "replica.test" }, Code.Unavailable),
        })
        {
            var options = Clients.Options(replica) with { Tls = tls, RequestLimit = TimeSpan.FromSeconds(expected == Code.Ok ? 10 : 2) };
            await using var client = new MembershipClient(options, ClientIdentity.AdminToken("secret"));
            Assert.Equal(expected, (await client.DeleteNetworkAsync(Clients.Ops)).Code);
        }
    }

    [Theory]
    [InlineData("replica.example:7400", "replica.example", 7400)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void An_end_point_is_a_host_and_a_port(string text, string host, int port)
    {
        Assert.Equal(new(host, port), ReplicaEndPoint.Parse(text));
        Assert.Equal(text, ReplicaEndPoint.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":80")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("::1:80")]
    [InlineData("[host]:80")]
    public void Anything_else_is_none(string text) => Assert.False(ReplicaEndPoint.TryParse(text, out _));

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=replica.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("replica.test");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition()) await Task.Delay(5, limit.Token);
    }
}
