using System.Globalization;

namespace Membership.Benchmarks.Running;

/// <summary>What the command line asks of a benchmark, beyond its name.</summary>
internal sealed class Options
{
    public const string Usage = """
          --quick            shorter runs, fewer rounds
          --rounds N         rounds; the middle one is reported beside the extremes
          --seconds S        length of one run
          --clients A,B      numbers of clients
          --only A,B         parts of the benchmark
          --folder DIR       where the data goes (default: the temporary folder); not a RAM disk
          --json FILE        also writes the figures there, for `picture` (cluster alone)
        """;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Options()
    {
    }

    public bool IsQuick { get; private init; }

    public static Options Parse(string[] arguments)
    {
        var options = new Options { IsQuick = arguments.Contains("--quick") };
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--quick") continue;
            if (!Usage.Contains($"{arguments[i]} ", StringComparison.Ordinal) || i + 1 == arguments.Length)
                throw new FormatException($"'{arguments[i]}' is no option, or lacks its value.");
            options._values[arguments[i]] = arguments[++i];
        }

        return options;
    }

    /// <summary>Rounds: as asked, else by whether it is to be quick.</summary>
    public int Rounds(int full, int quick) => (int)Number("--rounds", IsQuick ? quick : full);

    /// <summary>The length of one run.</summary>
    public TimeSpan Run => TimeSpan.FromSeconds(Number("--seconds", IsQuick ? 1 : 3));

    /// <summary>The numbers of clients.</summary>
    public IReadOnlyList<int> Clients(params int[] otherwise) => _values.TryGetValue("--clients", out var list)
        ? [.. list.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))]
        : otherwise;

    /// <summary>The file that the figures are to be written to; null for none.</summary>
    public string? JsonFile => _values.GetValueOrDefault("--json");

    /// <summary>Whether a part is wanted.</summary>
    public bool Wants(string part) => !_values.TryGetValue("--only", out var list) || list.Split(',').Contains(part);

    /// <summary>A fresh folder for the data of one benchmark.</summary>
    public DirectoryInfo MakeFolder()
    {
        var parent = _values.GetValueOrDefault("--folder", Path.GetTempPath());
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"membership-bench-{Guid.NewGuid():n}"));
        var drive = DriveInfo.GetDrives().Where(d => folder.FullName.StartsWith(d.Name, StringComparison.Ordinal)).MaxBy(d => d.Name.Length);
        if (drive?.DriveFormat is "tmpfs" or "ramfs") Console.WriteLine($"{folder.FullName} is in memory: what is written there costs nothing. See --folder.");
        return folder;
    }

    private double Number(string name, double otherwise) =>
        _values.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
