using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Membership.Benchmarks.Reporting;

/// <summary>The command <c>picture</c>: throughput and latency over numbers of clients, drawn from a file of figures.</summary>
internal static class ThroughputPicture
{
    private const int Width = 960;
    private const int RowHeight = 360;

    // Colours that are told apart without seeing red or green, and on a dark page too: the picture has a white ground.
    private static readonly (string Path, string Label, string Color)[] Paths =
    [
        ("leader", "in process", "#0072b2"),
        ("wire", "through the wire", "#d55e00"),
        ("etcd", "etcd", "#555555"),
    ];

    private static readonly (string Operation, string Title)[] Rows =
    [
        ("mutations", "Durable mutations (etcd: put)"),
        ("reads", "Linearizable reads (etcd: get)"),
    ];

    public static int Run(string[] arguments)
    {
        if (arguments is not [var source, var target]) throw new FormatException("picture takes FILE.json OUT.svg");
        var figures = LoadFigures.Read(source);
        var rows = Rows.Where(row => figures.Points.Any(point => point.Operation == row.Operation)).ToList();
        if (rows.Count == 0) throw new FormatException($"{source} holds neither mutations nor reads.");
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, rows.Count * RowHeight), stream))
        {
            for (var i = 0; i < rows.Count; i++) Draw(canvas, figures, rows[i].Operation, rows[i].Title, i * RowHeight);
        }

        // Only when the canvas is closed is the document whole.
        File.WriteAllBytes(target, [.. stream.ToArray(), (byte)'\n']);
        Console.WriteLine($"{target}: from {figures.Points.Count} points of {figures.Day:yyyy-MM-dd}");
        return 0;
    }

    private static void Draw(SKCanvas canvas, LoadFigures figures, string operation, string title, int top)
    {
        var points = figures.Points.Where(point => point.Operation == operation).ToLookup(point => point.Path);
        using var throughput = MakePlot($"{title}, a second", "a second; bar: slowest to fastest run");
        using var latency = MakePlot($"{title}, latency", "ms: median (filled), 99th percentile (open)");
        foreach (var (path, label, color) in Paths)
        {
            var line = points[path].OrderBy(point => point.Clients).ToList();
            if (line.Count == 0) continue;
            AddLine(throughput, line, point => point.PerSecond, label, color);
            foreach (var point in line) AddBar(throughput, point, color);
            AddLine(latency, line, point => point.P50Ms, label, color);
            AddThinLine(latency, line, point => point.P99Ms, color);
        }

        Finish(throughput, points.SelectMany(line => line), Alignment.LowerRight);
        Finish(latency, points.SelectMany(line => line), Alignment.UpperLeft);
        Render(throughput, canvas, new PixelRect(0, Width / 2, top + RowHeight, top));
        Render(latency, canvas, new PixelRect(Width / 2, Width, top + RowHeight, top));
    }

    // A plot begins by clearing all that it may draw on.
    private static void Render(Plot plot, SKCanvas canvas, PixelRect place)
    {
        canvas.Save();
        canvas.ClipRect(new SKRect(place.Left, place.Top, place.Right, place.Bottom));
        plot.Render(canvas, place);
        canvas.Restore();
    }

    private static Plot MakePlot(string title, string ofY)
    {
        var plot = new Plot();
        plot.Title(title, 14);
        plot.XLabel("clients", 12);
        plot.YLabel(ofY, 11);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter AddLine(Plot plot, List<LoadPoint> line, Func<LoadPoint, double> of, string label, string color)
    {
        var scatter = plot.Add.Scatter(
            line.Select(point => Math.Log2(point.Clients)).ToArray(), line.Select(point => Math.Log10(of(point))).ToArray(), Color.FromHex(color));
        scatter.LegendText = label;
        scatter.LineWidth = 2;
        scatter.MarkerSize = 5;
        return scatter;
    }

    // Not dashed: Skia writes no dashes into SVG.
    private static void AddThinLine(Plot plot, List<LoadPoint> line, Func<LoadPoint, double> of, string color)
    {
        var scatter = AddLine(plot, line, of, "", color);
        scatter.LineWidth = 1;
        scatter.MarkerShape = MarkerShape.OpenCircle;
    }

    private static void AddBar(Plot plot, LoadPoint point, string color)
    {
        var x = Math.Log2(point.Clients);
        plot.Add.Line(x, Math.Log10(point.PerSecondMin), x, Math.Log10(point.PerSecondMax)).Color = Color.FromHex(color);
    }

    // Both axes are logarithmic: ticks stand at the numbers of clients that were measured, and at powers of ten.
    private static void Finish(Plot plot, IEnumerable<LoadPoint> points, Alignment legend)
    {
        var clients = points.Select(point => point.Clients).Distinct().Order().ToArray();
        plot.Axes.Bottom.SetTicks(
            clients.Select(count => Math.Log2(count)).ToArray(), clients.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)).ToArray());
        var powers = Enumerable.Range(-2, 10).ToArray();
        plot.Axes.Left.SetTicks(
            powers.Select(power => (double)power).ToArray(), powers.Select(power => Math.Pow(10, power).ToString("#,0.##", CultureInfo.InvariantCulture)).ToArray());
        plot.Axes.Margins(0.06, 0.1);
        plot.ShowLegend(legend);
    }
}
