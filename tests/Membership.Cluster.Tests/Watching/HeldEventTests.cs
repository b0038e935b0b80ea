using System.Collections.Immutable;
using Membership.Events;
using Membership.Replication.Watch;
using Xunit;

namespace Membership.Cluster.Tests.Watching;

public sealed class HeldEventTests
{
    public static TheoryData<string> Kinds => [.. KindsOf().Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_event_comes_back_as_it_went_in(string name)
    {
        var kind = KindsOf().Single(kind => kind.Name == name);
        var key = new PublicKey([.. Enumerable.Repeat((byte)9, PublicKey.Length)]);
        foreach (var actor in new[] { Actor.System, Actor.Admin(3), Actor.ForNode(new(5), 6), Actor.ForKey(key) })
        {
            foreach (var (request, flag) in new (RequestId?, bool)[] { (null, true), (new RequestId(7, 8), false) })
            {
                object[] arguments = [.. Arguments(kind, flag)];
                var happened = (Event)kind.GetConstructors().Single().Invoke(arguments);
                var applied = new AppliedEvent(11, 12, actor, "owner", request, happened);
                var held = new HeldEvent(applied).ToApplied();
                Assert.Equal(applied, held);

                // Nor is there anything that the constructor does not set.
                if (!ReferenceEquals(happened, held.Event)) Assert.Equal(arguments.Length, kind.GetProperties().Count(property => property.CanWrite));
            }
        }
    }

    private static IEnumerable<Type> KindsOf() => typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)));

    // No two of a type alike, so that none can be mistaken for another.
    private static IEnumerable<object> Arguments(Type kind, bool flag) => kind.GetConstructors().Single().GetParameters().Select((parameter, i) =>
        parameter.ParameterType switch
        {
            var type when type == typeof(NodeId) => new NodeId(100 + (uint)i),
            var type when type == typeof(NetworkId) => new NetworkId((ushort)(200 + i)),
            var type when type == typeof(Role) => Role.Owner,
            var type when type == typeof(JoinRule) => i % 2 == 0 ? JoinRule.Token : JoinRule.Invite,
            var type when type == typeof(bool) => flag,
            var type when type == typeof(int) => 300 + i,
            var type when type == typeof(uint) => 400 + (uint)i,
            var type when type == typeof(string) => $"text {i}",
            var type when type == typeof(ImmutableArray<string>) => ImmutableArray.Create("a", "b"),
            var type when type == typeof(NetworkPolicy) => new NetworkPolicy(i, [], ""),
            var type => (object)Activator.CreateInstance(type)!,
        });
}
