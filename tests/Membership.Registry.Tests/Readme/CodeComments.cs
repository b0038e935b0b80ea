using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Membership.Registry.Tests.Readme;

/// <summary>What the comments of the code say, as Markdown. The compiler writes them beside each assembly.</summary>
internal static partial class CodeComments
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> Read = [];

    /// <summary>The summary of a property or a method, on one line.</summary>
    public static string SummaryOf(MemberInfo member)
    {
        var comments = CommentsOf(member.Module.Assembly);
        var prefix = $"{(member is PropertyInfo ? 'P' : 'M')}:{member.DeclaringType!.FullName}.{member.Name}";
        var found = comments.FirstOrDefault(comment => comment.Key == prefix || comment.Key.StartsWith(prefix + "(", StringComparison.Ordinal)).Value;
        Assert.True(found is not null, $"{prefix} has no comment.");
        return TextOf(found.Element("summary")!);
    }

    private static Dictionary<string, XElement> CommentsOf(Assembly assembly)
    {
        if (Read.TryGetValue(assembly, out var comments)) return comments;
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        comments = XDocument.Load(file).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        return Read[assembly] = comments;
    }

    private static string TextOf(XElement element) => Blanks().Replace(string.Concat(element.Nodes().Select(TextOf)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    private static string TextOf(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{NameOf(see.Attribute("cref")!.Value)}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => TextOf(other),
        _ => "",
    };

    // P:Membership.Replication.MembershipReplicaOptions.Replicas, or a method with its parameters.
    private static string NameOf(string reference) => reference.Split('(')[0].Split('.')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
