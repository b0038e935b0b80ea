using Membership.Client;
using Membership.Protocol.Signing;

namespace Membership.Registry.Tests.Client;

/// <summary>Clients of scripted replicas, in a hurry.</summary>
internal static class Clients
{
    public static readonly NodeId Alice = new(1001);
    public static readonly NetworkId Ops = new(7);
    public static readonly NodeKey Key = NodeKey.FromSeed(Enumerable.Repeat((byte)7, 32).ToArray());

    public static MembershipClientOptions Options(params ScriptedReplica[] replicas) => new()
    {
        Cluster = "alpha",
        Replicas = [.. replicas.Select(replica => replica.EndPoint)],
        RequestLimit = TimeSpan.FromSeconds(10),
        BackOffMin = TimeSpan.FromMilliseconds(1),
        BackOffMax = TimeSpan.FromMilliseconds(20),
    };

    public static MembershipClient Signing(params ScriptedReplica[] replicas) => new(Options(replicas), ClientIdentity.Node(Alice, Key));

    public static MembershipClient Admin(params ScriptedReplica[] replicas) => new(Options(replicas), ClientIdentity.AdminToken("secret"));
}
