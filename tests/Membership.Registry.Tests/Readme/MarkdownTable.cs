using System.Text;

namespace Membership.Registry.Tests.Readme;

/// <summary>A table that a README has from the code.</summary>
/// <param name="Package">The project whose README it is in.</param>
/// <param name="Name">The name between its marks.</param>
/// <param name="Head">The heads of its columns.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record MarkdownTable(string Package, string Name, string[] Head, IReadOnlyList<string[]> Rows)
{
    public string Begin => $"<!-- from the code: {Name} -->";

    public string End => $"<!-- end of {Name} -->";

    public override string ToString()
    {
        var text = new StringBuilder().Append(Begin).Append('\n');
        Append(text, Head);
        Append(text, [.. Head.Select(_ => "---")]);
        foreach (var row in Rows) Append(text, row);
        return text.Append(End).ToString();
    }

    private static void Append(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
