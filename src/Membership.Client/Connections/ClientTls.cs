using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Membership.Client;

/// <summary>TLS 1.3 to the replicas, whose certificates are checked.</summary>
public sealed record ClientTls
{
    /// <summary>The authorities that replicas' certificates are of; null (default) for those that the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The name that certificates are for; null (default) for the host of each replica.</summary>
    public string? ServerName { get; init; }

    internal SslClientAuthenticationOptions ToOptions(string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerName ?? host,
            EnabledSslProtocols = SslProtocols.Tls13,
        };
        if (Authorities is null) return options;
        options.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        return options;
    }
}
