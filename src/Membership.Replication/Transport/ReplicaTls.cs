using System.Security.Cryptography.X509Certificates;

namespace Membership.Replication;

/// <summary>Mutual TLS between replicas.</summary>
/// <param name="Certificate">This replica's certificate with its private key; for servers and clients.</param>
/// <param name="Authorities">Who signs the certificates of the cluster's replicas. The machine's own trust store counts for nothing.</param>
/// <param name="TargetHost">The name that every replica's certificate carries; null when each carries its own host or address.</param>
public sealed record ReplicaTls(X509Certificate2 Certificate, X509Certificate2Collection Authorities, string? TargetHost = null);
