using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Membership.Replication.Peers;

/// <summary>
/// Makes an authority and a certificate for each replica, to try a cluster with TLS. The authority's key is forgotten at once, so no
/// further certificate can be issued: for another replica make a new set. In production take certificates from an authority that is
/// kept as such things are kept.
/// </summary>
public static class DevelopmentCertificates
{
    /// <summary>The file of the authority's certificate.</summary>
    public const string AuthorityFile = "ca.pem";

    /// <summary>The file of a replica's certificate.</summary>
    public static string CertificateFile(string replicaId) => $"{replicaId}.pem";

    /// <summary>The file of a replica's private key.</summary>
    public static string KeyFile(string replicaId) => $"{replicaId}.key";

    /// <summary>Writes <c>ca.pem</c>, and <c>ID.pem</c> and <c>ID.key</c> for each replica.</summary>
    /// <param name="folder">Where to; made when it is not there.</param>
    /// <param name="replicaIds">The replicas; each certificate carries its replica's id, <c>localhost</c> and the loopback addresses.</param>
    /// <param name="notBefore">When the certificates begin to hold; one hour before is allowed for, as clocks differ.</param>
    /// <param name="lifetime">How long they hold.</param>
    /// <exception cref="IOException">A file is already there; nothing is overwritten.</exception>
    public static void Write(string folder, IEnumerable<string> replicaIds, DateTimeOffset notBefore, TimeSpan lifetime)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(replicaIds);
        var (from, to) = (notBefore.AddHours(-1), notBefore + lifetime);
        Directory.CreateDirectory(folder);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = MakeAuthority(authorityKey, from, to);
        WriteNew(Path.Combine(folder, AuthorityFile), authority.ExportCertificatePem(), isSecret: false);
        foreach (var replicaId in replicaIds)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = Issue(authority, replicaId, key, from, to);
            WriteNew(Path.Combine(folder, CertificateFile(replicaId)), certificate.ExportCertificatePem(), isSecret: false);
            WriteNew(Path.Combine(folder, KeyFile(replicaId)), key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        }
    }

    private static X509Certificate2 MakeAuthority(ECDsa key, DateTimeOffset from, DateTimeOffset to)
    {
        var request = new CertificateRequest("CN=Membership development authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(from, to);
    }

    private static X509Certificate2 Issue(
        X509Certificate2 authority, string replicaId, ECDsa key, DateTimeOffset from, DateTimeOffset to)
    {
        var request = new CertificateRequest($"CN={replicaId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(replicaId);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, from, to, RandomNumberGenerator.GetBytes(16));
    }

    private static void WriteNew(string path, string pem, bool isSecret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(pem);
        writer.Write('\n');
    }
}
