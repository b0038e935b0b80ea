using Membership.Benchmarks;

return args switch
{
    ["scale", ..] => ScaleBenchmark.Run(quick: args.Contains("--quick")),
    ["apply", ..] => ApplyBenchmark.Run(quick: args.Contains("--quick")),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/Membership.Benchmarks -- <benchmark>

          scale [--quick]   time of an applied mutation as the state grows
          apply [--quick]   mutations applied in a second at a million memberships
        """);
    return 2;
}
