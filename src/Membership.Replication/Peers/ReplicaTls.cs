using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Membership.Replication.Peers;

/// <summary>
/// Mutual TLS between replicas: each shows a certificate of an authority that the cluster trusts, and no other authority counts, those
/// of the machine neither. A replica's certificate carries its replica id as a DNS name, so that one cannot pass for another.
/// </summary>
/// <remarks>Immutable and thread-safe. The options are made anew at each call, so a caller may change them.</remarks>
public sealed class ReplicaTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _trusted;

    /// <summary>Takes a certificate and the authorities to trust.</summary>
    /// <param name="certificate">This replica's, with its private key.</param>
    /// <param name="trusted">The authorities that may have issued a peer's certificate; at least one.</param>
    /// <exception cref="ArgumentException">The certificate has no private key, or nothing is trusted.</exception>
    public ReplicaTls(X509Certificate2 certificate, X509Certificate2Collection trusted)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(trusted);
        if (!certificate.HasPrivateKey) throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        if (trusted.Count == 0) throw new ArgumentException("No authority is trusted.", nameof(trusted));
        _certificate = certificate;
        _trusted = trusted;
    }

    /// <summary>Reads PEM files.</summary>
    /// <param name="certificateFile">The certificate.</param>
    /// <param name="keyFile">Its private key, not encrypted.</param>
    /// <param name="trustedFile">One authority's certificate or several.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file holds something else.</exception>
    public static ReplicaTls FromPemFiles(string certificateFile, string keyFile, string trustedFile)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        if (OperatingSystem.IsWindows())
        {
            // Its TLS does not take a key that lives in memory alone.
            using var inMemory = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), null);
        }

        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(trustedFile);
        return new(certificate, trusted);
    }

    /// <summary>Options of the end that accepts; the other end must show a certificate.</summary>
    public SslServerAuthenticationOptions ServerOptions() => new()
    {
        ServerCertificate = _certificate,
        ClientCertificateRequired = true,
        CertificateChainPolicy = ChainPolicy(ClientAuthentication),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
    };

    /// <summary>Options of the end that connects.</summary>
    /// <param name="replicaId">The replica to find there: its certificate must carry this as a DNS name.</param>
    public SslClientAuthenticationOptions ClientOptions(string replicaId)
    {
        ArgumentException.ThrowIfNullOrEmpty(replicaId);
        return new()
        {
            TargetHost = replicaId,
            ClientCertificates = [_certificate],
            CertificateChainPolicy = ChainPolicy(ServerAuthentication),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }

    /// <summary>Whether the other end of an accepted connection showed the certificate of this replica.</summary>
    /// <param name="stream">The connection, authenticated.</param>
    /// <param name="replicaId">Who it says it is.</param>
    internal static bool IsFrom(SslStream stream, string replicaId)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.RemoteCertificate is X509Certificate2 certificate
            && certificate.MatchesHostname(replicaId, allowWildcards: false, allowCommonName: false);
    }

    private X509ChainPolicy ChainPolicy(string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A cluster's own authority seldom runs a revocation service, and one that is down must not stop the cluster.
            RevocationMode = X509RevocationMode.NoCheck,
            // Nothing is fetched over the network to build a chain.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_trusted);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }
}
