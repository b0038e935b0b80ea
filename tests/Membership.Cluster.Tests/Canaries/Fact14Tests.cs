using System.Reflection;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using MessagePack;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 14: the versions that the other facts were found with, and the decoder's default.</summary>
public sealed class Fact14Tests
{
    [Theory]
    [InlineData(typeof(WriteAheadLog), "6.12.0")]
    [InlineData(typeof(MessagePackSerializer), "2.5.307")]
    public void Fact14_Versions_are_those_of_the_experiments(Type type, string version)
    {
        var informational = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        Assert.Equal(version, informational.Split('+')[0]);
    }

    [Fact]
    public void Fact14_MessagePack_trusts_its_input_unless_told_otherwise()
    {
        Assert.Same(MessagePackSecurity.TrustedData, MessagePackSerializerOptions.Standard.Security);
        Assert.False(MessagePackSecurity.TrustedData.HashCollisionResistant);
        Assert.True(MessagePackSecurity.UntrustedData.HashCollisionResistant);
    }
}
