using System.Diagnostics;
using System.Xml.Linq;

namespace ThreeNodeCluster;

/// <summary>Tells the story a line a step and keeps count of what was checked.</summary>
internal sealed class Narrator
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(string What, bool Held)> _checks = [];
    private int _chapter;

    public int FailedCount => _checks.Count(check => !check.Held);

    public int CheckCount => _checks.Count;

    public void Chapter(string title)
    {
        Console.WriteLine();
        Console.WriteLine($"{++_chapter}. {title}");
    }

    public void Say(string line) => Console.WriteLine($"  {_clock.Elapsed.TotalSeconds,5:F1} s  {line}");

    /// <summary>Says a step with what came of it, and counts whether that is what had to come.</summary>
    public void Check(string what, bool held, string seen)
    {
        _checks.Add((what, held));
        Say($"{(held ? "ok  " : "FAIL")}  {what}: {seen}");
    }

    /// <summary>Writes the checks in the form of the test runner's result files.</summary>
    public void WriteResults(string file)
    {
        var passed = _checks.Count - FailedCount;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        new XDocument(
            new XElement(
                Trx + "TestRun",
                new XElement(
                    Trx + "Results",
                    _checks.Select(check => new XElement(
                        Trx + "UnitTestResult",
                        new XAttribute("testName", check.What),
                        new XAttribute("outcome", check.Held ? "Passed" : "Failed")))),
                new XElement(
                    Trx + "ResultSummary",
                    new XAttribute("outcome", FailedCount == 0 ? "Completed" : "Failed"),
                    new XElement(
                        Trx + "Counters",
                        new XAttribute("total", _checks.Count),
                        new XAttribute("executed", _checks.Count),
                        new XAttribute("passed", passed),
                        new XAttribute("failed", FailedCount))))).Save(file);
    }
}
