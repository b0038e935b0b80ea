using Membership.Replication.Peers;
using Microsoft.Extensions.Configuration;
using static Membership.Replication.Hosting.OptionSetting;
using Setter = System.Action<Membership.Replication.MembershipReplicaOptions, Microsoft.Extensions.Configuration.IConfigurationSection>;

namespace Membership.Replication.Hosting;

/// <summary>Options of a replica out of a configuration section, by their own names.</summary>
internal static class ReplicaConfiguration
{
    /// <summary>How each option is read.</summary>
    public static IReadOnlyDictionary<string, Setter> Setters { get; } = new Dictionary<string, Setter>(StringComparer.OrdinalIgnoreCase)
    {
        ["ClusterId"] = (o, s) => o.ClusterId = Text(s),
        ["ReplicaId"] = (o, s) => o.ReplicaId = Text(s),
        ["DataFolder"] = (o, s) => o.DataFolder = Text(s),
        ["Replicas"] = (o, s) => ReadReplicas(o, s),
        ["RaftListenEndPoint"] = (o, s) => o.RaftListenEndPoint = Listen(s),
        ["PeerListenEndPoint"] = (o, s) => o.PeerListenEndPoint = Listen(s),
        ["Bootstrap"] = (o, s) => o.Bootstrap = Flag(s),
        ["SecretId"] = (o, s) => o.SecretId = Text(s),
        ["Tls"] = (o, s) => o.Tls = ReadTls(s),
        ["AllowPlaintextBeyondLoopback"] = (o, s) => o.AllowPlaintextBeyondLoopback = Flag(s),
        ["ElectionTimeoutMinMs"] = (o, s) => o.ElectionTimeoutMinMs = Number<int>(s),
        ["ElectionTimeoutMaxMs"] = (o, s) => o.ElectionTimeoutMaxMs = Number<int>(s),
        ["HeartbeatThreshold"] = (o, s) => o.HeartbeatThreshold = Number<double>(s),
        ["RequestTimeoutMs"] = (o, s) => o.RequestTimeoutMs = Number<int>(s),
        ["RequestLimitMs"] = (o, s) => o.RequestLimitMs = Number<int>(s),
        ["QueueLengthMax"] = (o, s) => o.QueueLengthMax = Number<int>(s),
        ["SnapshotBytes"] = (o, s) => o.SnapshotBytes = Number<long>(s),
        ["CheckpointEntries"] = (o, s) => o.CheckpointEntries = Number<int>(s),
        ["WatchEventsMax"] = (o, s) => o.WatchEventsMax = Number<int>(s),
        ["WatchBytesMax"] = (o, s) => o.WatchBytesMax = Number<long>(s),
        ["ClockSkewMaxMs"] = (o, s) => o.ClockSkewMaxMs = Number<int>(s),
        ["HandOverLimitMs"] = (o, s) => o.HandOverLimitMs = Number<int>(s),
        ["ReadyLagMax"] = (o, s) => o.ReadyLagMax = Number<int>(s),
    };

    /// <summary>Sets every option that the section has.</summary>
    public static void Apply(IConfiguration section, MembershipReplicaOptions options) => OptionSetting.Apply(section, options, Setters);

    // A list of { "Id": …, "Raft": "host:port", "Peer": "host:port" }.
    private static void ReadReplicas(MembershipReplicaOptions options, IConfigurationSection list)
    {
        foreach (var replica in list.GetChildren())
            options.Replicas.Add(new(Text(replica.GetSection("Id")), Address(replica.GetSection("Raft")), Address(replica.GetSection("Peer"))));
    }

    private static ReplicaTls ReadTls(IConfigurationSection tls) => ReplicaTls.FromPemFiles(
        Text(tls.GetSection("CertificateFile")), Text(tls.GetSection("KeyFile")), Text(tls.GetSection("AuthorityFile")));
}
