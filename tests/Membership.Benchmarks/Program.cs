using Membership.Benchmarks;

return args switch
{
    ["scale", ..] => ScaleBenchmark.Run(quick: args.Contains("--quick")),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/Membership.Benchmarks -- <benchmark>

          scale [--quick]   time of an applied mutation as the state grows
        """);
    return 2;
}
