namespace ThreeNodeCluster;

/// <summary>What the command line says.</summary>
/// <param name="Data">Where the replicas keep their data; null for a temporary folder that goes at the end.</param>
/// <param name="Exit">Stop after the story instead of staying up.</param>
/// <param name="Results">Where to write the checks as a test result file; null for nowhere.</param>
/// <param name="Pilot">Whether the replicas serve stock clients of the Pilot Protocol.</param>
internal sealed record Arguments(string? Data, bool Exit, string? Results, bool Pilot)
{
    public const string Usage = """
        usage: dotnet run --project samples/ThreeNodeCluster [-- [--data DIR] [--exit] [--results FILE] [--compat pilot]]

          --data DIR      keep the replicas' data in DIR, which must be empty, instead of a temporary folder
          --exit          stop after the story; 0 only when every check held
          --results FILE  write the checks to FILE as a test result file
          --compat pilot  the replicas serve stock clients of the Pilot Protocol, too
        """;

    /// <summary>Reads the command line; null, and why on the error stream, when it is not understood.</summary>
    public static Arguments? Parse(string[] args)
    {
        var (data, exit, results, pilot) = ((string?)null, false, (string?)null, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--exit":
                    exit = true;
                    break;
                case "--data" when i + 1 < args.Length:
                    data = Path.GetFullPath(args[++i]);
                    break;
                case "--results" when i + 1 < args.Length:
                    results = Path.GetFullPath(args[++i]);
                    break;
                case "--compat" when i + 1 < args.Length && args[i + 1] == "pilot":
                    pilot = true;
                    i++;
                    break;
                default:
                    Console.Error.WriteLine($"not understood: {args[i]}");
                    Console.Error.WriteLine(Usage);
                    return null;
            }
        }

        if (data is not null && Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
        {
            Console.Error.WriteLine($"{data} is not empty: the story founds a cluster of its own.");
            return null;
        }

        return new(data, exit, results, pilot);
    }
}
