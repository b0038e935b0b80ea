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
        var table = new Table { Border = isPlain ? TableBorder.None : TableBorder.Rounded };
        foreach (var column in listing.Columns) table.AddColumn(new TableColumn(new Text(column, new(decoration: Decoration.Bold))));
        foreach (var row in listing.Rows) table.AddRow(listing.Columns.Select(column => new Text(TextForm.Of(row[column]))));
        return table;
    }
}
