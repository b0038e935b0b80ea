using System.CommandLine;

namespace Membership.Cli.Running;

/// <summary>Arguments that several verbs take.</summary>
internal static class Arguments
{
    public static Argument<NetworkId> Network() => new("NETWORK")
    {
        Description = Parsing.NetworkRange,
        CustomParser = Parsing.Of(Parsing.Network, Parsing.NetworkRange),
    };

    /// <param name="name">Its name in the help.</param>
    /// <param name="description">Which node.</param>
    public static Argument<NodeId> Node(string name = "NODE", string description = Parsing.NodeRange) => new(name)
    {
        Description = description,
        CustomParser = Parsing.Of(Parsing.Node, Parsing.NodeRange),
    };

    /// <summary><c>on</c> or <c>off</c>.</summary>
    public static Argument<bool> Switch(string description) => new("on|off")
    {
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = Parsing.Of<bool>(word => word switch { "on" => true, "off" => false, _ => null }, "on or off"),
    };

    public static Option<NetworkId?> NetworkFilter() => new("--network")
    {
        Description = "of this network alone",
        HelpName = "ID",
        CustomParser = Parsing.Of<NetworkId?>(word => Parsing.Network(word), Parsing.NetworkRange),
    };

    public static Option<NodeId?> NodeFilter() => new("--about")
    {
        Description = "about this node alone",
        HelpName = "NODE",
        CustomParser = Parsing.Of<NodeId?>(word => Parsing.Node(word), Parsing.NodeRange),
    };
}
