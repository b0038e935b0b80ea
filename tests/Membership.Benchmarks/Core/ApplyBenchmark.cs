namespace Membership.Benchmarks.Core;

/// <summary>Mutations applied in a second on one core, sessions and digest on, at a million memberships.</summary>
internal static class ApplyBenchmark
{
    private const int NodeCount = 20_000;
    private const int NetworkCount = 50;
    private const int Rounds = 5;

    public static int Run(bool quick)
    {
        var networks = quick ? NetworkCount / 10 : NetworkCount;
        var world = new World();
        var first = world.Register(NodeCount).Value;
        var nodes = Enumerable.Range(0, NodeCount).Select(i => new NodeId(first + (uint)i)).ToList();
        var ids = Enumerable.Range(0, networks).Select(i => world.Create(nodes[i], $"n{i}")).ToList();
        var building = world.Apply(
            from network in ids.Index()
            from node in nodes.Index()
            where node.Index != network.Index
            select (Mutation)new JoinNetwork(node.Item, network.Item));
        Console.WriteLine($"{world.State.MemberCount} memberships, built at {Rate(networks * (NodeCount - 1L), building):N0} joins a second");

        var random = new Random(1);
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var pairs = Enumerable.Range(0, 100_000)
                .Select(_ => (Node: nodes[random.Next(networks, NodeCount)], Network: ids[random.Next(networks)]))
                .Distinct()
                .ToList();
            var allocated = GC.GetTotalAllocatedBytes();
            var collections = GC.CollectionCount(2);
            var time = world.Apply(pairs.Select(p => (Mutation)new LeaveNetwork(p.Node, p.Network)));
            time += world.Apply(pairs.Select(p => (Mutation)new JoinNetwork(p.Node, p.Network)));
            rates.Add(Rate(2L * pairs.Count, time));
            Console.WriteLine(
                $"round {round + 1}: {rates[^1]:N0} a second; {(GC.GetTotalAllocatedBytes() - allocated) / (2.0 * pairs.Count):N0} bytes a mutation with its making, "
                + $"{GC.CollectionCount(2) - collections} full collections");
        }

        rates.Sort();
        Console.WriteLine($"apply_per_s: median {rates[Rounds / 2]:N0}, min {rates[0]:N0}, max {rates[^1]:N0}");
        return 0;
    }

    private static double Rate(long count, TimeSpan time) => count / time.TotalSeconds;
}
