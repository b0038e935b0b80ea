using System.Text;
using System.Text.Json;
using Membership.Cli.Running;
using Membership.Protocol.Rules;

namespace Membership.Cli.Networks;

/// <summary>What several verbs about networks take.</summary>
internal static class NetworkOptions
{
    public const string JoinRuleWords = "open, token or invite";

    public static JoinRule? ParseJoinRule(string word) => JoinRuleText.TryParse(word, out var rule) ? rule : null;

    /// <summary>Reads a JSON document, to be sent as it is.</summary>
    /// <exception cref="ToolException">The file holds something else.</exception>
    public static string ReadJson(string file)
    {
        var text = InputFile.ReadText(file);
        try
        {
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException)
        {
            throw ToolException.WrongArgument($"{file} is no JSON, correct it");
        }
    }

    /// <summary>Reads the rules of a managed network.</summary>
    /// <exception cref="ToolException">The file holds something else.</exception>
    public static RuleSet ReadRules(string file) => RulesJson.TryParse(Encoding.UTF8.GetBytes(InputFile.ReadText(file)), out var rules)
        ? rules
        : throw ToolException.WrongArgument($"{file} holds no valid rules, at least {{\"links\":1,\"cycle\":\"24h\"}} is needed");
}
