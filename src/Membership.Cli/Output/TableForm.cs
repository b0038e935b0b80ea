using Spectre.Console;
using Spectre.Console.Rendering;

namespace Membership.Cli.Output;

/// <summary>Results as people read them.</summary>
internal static class TableForm
{
    /// <summary>A name and its value in each line.</summary>
    public static IRenderable Of(Fields fields)
    {
        var grid = new Grid().AddColumns(new GridColumn().NoWrap(), new GridColumn());
        foreach (var (name, value) in fields) grid.AddRow(new Text(name, new(decoration: Decoration.Bold)), new Text(TextForm.Of(value)));
        return grid;
    }

    /// <summary>A heading and a line for each row.</summary>
    public static IRenderable Of(Listing listing, bool isPlain)
    {
        // Whoever looks on has little room; whoever reads columns by their place has them all.
        var columns = listing.Columns.Where(column => isPlain || listing.Rows.Count == 0 || listing.Rows.Any(row => TextForm.Of(row[column]) != TextForm.Nothing)).ToList();
        var table = new Table { Border = isPlain ? TableBorder.None : TableBorder.Simple };
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column, new(decoration: Decoration.Bold))));
        foreach (var row in listing.Rows) table.AddRow(columns.Select(column => new Text(TextForm.Of(row[column]))));
        return table;
    }
}
