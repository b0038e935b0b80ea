using System.Security.Cryptography;
using Membership.Replication;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Changes to propose.</summary>
internal static class Requests
{
    /// <summary>A registration of a fresh key by an admin: it always succeeds.</summary>
    public static RegisterNode Registration() => new(new PublicKey(RandomNumberGenerator.GetBytes(PublicKey.Length)));

    /// <summary>A registration under a request id of the caller's.</summary>
    public static Proposal Registration(ulong client, ulong sequence) =>
        new(new RequestId(client, sequence), default, Actor.Admin(), Registration());

    public static Task<Outcome> RegisterAsync(this MembershipReplica replica) => replica.ProposeAsync(Registration(), Actor.Admin());
}
