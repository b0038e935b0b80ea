using System.Security.Cryptography;
using Membership.Protocol.Signing;

namespace Membership.Registry.Tests.Handlers;

/// <summary>A node and its key.</summary>
internal sealed record TestNode(NodeId Id, NodeKey Key)
{
    public string PublicKey => Key.PublicKey.ToString();

    public static NodeKey NewKey() => NodeKey.FromSeed(RandomNumberGenerator.GetBytes(NodeKey.SeedBytes));
}
