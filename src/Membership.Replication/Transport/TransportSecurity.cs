using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Membership.Replication.Transport;

/// <summary>Mutual TLS between replicas, when there is any: either side shows a certificate that one of our authorities signed.</summary>
internal sealed class TransportSecurity(ReplicaTls? tls)
{
    /// <summary>Whether connections are encrypted.</summary>
    public bool IsEnabled => tls is not null;

    /// <summary>Refuses to listen beyond this machine in the clear, unless told in words.</summary>
    /// <exception cref="InvalidOperationException">The endpoint can be reached from other machines, and there is no TLS.</exception>
    public static void CheckListen(IPEndPoint endPoint, MembershipReplicaOptions options)
    {
        if (options.Tls is not null || options.AllowPlaintextBeyondLoopback || IPAddress.IsLoopback(endPoint.Address)) return;
        throw new InvalidOperationException(
            $"The replica would listen on {endPoint} without TLS. Give it certificates ({nameof(options.Tls)}), a loopback address, or say "
            + $"{nameof(options.AllowPlaintextBeyondLoopback)}.");
    }

    /// <summary>The stream on top of an accepted connection; the same one without TLS.</summary>
    /// <exception cref="AuthenticationException">The other end shows no certificate of ours.</exception>
    public async ValueTask<Stream> AcceptAsync(Stream connection, CancellationToken token)
    {
        if (tls is null) return connection;
        var ssl = new SslStream(connection);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = tls.Certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13 | SslProtocols.Tls12,
            CertificateChainPolicy = TrustPolicy(tls),
        };
        return await AuthenticateAsync(ssl, ssl.AuthenticateAsServerAsync(options, token));
    }

    /// <summary>The stream on top of a connection that we made; the same one without TLS.</summary>
    /// <exception cref="AuthenticationException">The other end shows no certificate of ours, or not for this host.</exception>
    public async ValueTask<Stream> ConnectAsync(Stream connection, EndPoint to, CancellationToken token)
    {
        if (tls is null) return connection;
        var ssl = new SslStream(connection);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.TargetHost ?? (to is DnsEndPoint dns ? dns.Host : ((IPEndPoint)to).Address.ToString()),
            ClientCertificates = [tls.Certificate],
            EnabledSslProtocols = SslProtocols.Tls13 | SslProtocols.Tls12,
            CertificateChainPolicy = TrustPolicy(tls),
        };
        return await AuthenticateAsync(ssl, ssl.AuthenticateAsClientAsync(options, token));
    }

    private static async Task<Stream> AuthenticateAsync(SslStream stream, Task authentication)
    {
        try
        {
            await authentication;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static X509ChainPolicy TrustPolicy(ReplicaTls tls)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // The authorities are the cluster's own; a revoked replica is one whose authority is taken out of the list.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(tls.Authorities);
        return policy;
    }
}
