using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Membership.Replication.Peers;
using Membership.Registry.Wire;

namespace Membership.Registry.Tests.Endpoint;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("membership-wire-tls-").FullName;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _authority;

    public TlsTests()
    {
        DevelopmentCertificates.Write(_folder, ["r1"], DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        _certificate = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, "r1.pem"), Path.Combine(_folder, "r1.key"));
        _authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "ca.pem"));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Requests_over_tls_are_answered_and_known_as_such()
    {
        await using var server = await StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Server.EndPoint);
        await using var tls = await HandshakeAsync(tcp, SslProtocols.Tls13);
        Assert.Equal(SslProtocols.Tls13, tls.SslProtocol);
        server.Handlers.Padding = 1_000_000;
        await tls.WriteAsync(RawClient.Frame(Json.Status(1)));
        var header = new byte[4];
        await tls.ReadExactlyAsync(header);
        await tls.ReadExactlyAsync(new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header)]);
        Assert.True(server.Handlers.Source!.IsEncrypted);
    }

    [Fact]
    public async Task Older_tls_and_plaintext_are_refused()
    {
        await using var server = await StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Server.EndPoint);
        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(tcp, SslProtocols.Tls12));
        using var plain = await server.ConnectAsync();
        await plain.SendAsync(Json.Status(1));
        await plain.DrainAsync();
        Assert.Empty(server.Handlers.Begun);
    }

    private async Task<SslStream> HandshakeAsync(TcpClient tcp, SslProtocols protocols)
    {
        var tls = new SslStream(tcp.GetStream());
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _authority },
        };
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = policy,
        });
        return tls;
    }

    private Task<TestServer> StartAsync() =>
        TestServer.StartAsync(new WireOptions { EndPoint = TestServer.Loopback, Certificate = _certificate });
}
