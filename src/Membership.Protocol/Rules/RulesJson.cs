using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Membership.Protocol.Json;

namespace Membership.Protocol.Rules;

/// <summary>The rules of a managed network as JSON: <c>{"links":3,"cycle":"24h","prune":1,"prune_by":"score"}</c>.</summary>
/// <remarks>Source: command specification, section 1. Unknown keys are dropped.</remarks>
internal static class RulesJson
{
    /// <summary>Reads and checks an object, in the order links, cycle, prune, fill, prune_by, fill_how, grace.</summary>
    /// <param name="utf8">At most 16 KiB.</param>
    /// <param name="rules">The rules.</param>
    /// <returns>False when the bytes are anything but valid rules.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out RuleSet? rules)
    {
        rules = null;
        if (utf8.Length > Limits.Production.RulesBytesMax || !JsonObject.TryParse(utf8, out var json)) return false;
        if (!json["links"].TryGetNumber(uint.MaxValue, out var links) || links == 0) return false;
        if (!TryReadDuration(json["cycle"], out var cycle) || cycle.Nanoseconds < Limits.Production.RulesCycleNsMin) return false;
        if (!TryReadShare(json["prune"], links, out var prune) || !TryReadShare(json["fill"], links, out var fill)) return false;
        if (!TryReadPruneBy(json["prune_by"], out var pruneBy) || !TryReadFillHow(json["fill_how"], out var fillHow)) return false;
        RuleDuration? grace = null;
        if (!json["grace"].IsAbsent)
        {
            if (!TryReadDuration(json["grace"], out var given) || given.Nanoseconds < 0) return false;
            grace = given;
        }

        rules = new((uint)links, cycle, prune, fill, pruneBy, fillHow, grace);
        return true;
    }

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, RuleSet rules)
    {
        json.WriteStartObject();
        json.WriteNumber("links", rules.Links);
        json.WriteString("cycle", rules.Cycle.Text);
        json.WriteNumber("prune", rules.Prune);
        json.WriteNumber("fill", rules.Fill);
        if (rules.PruneBy != PruneBy.Unset) json.WriteString("prune_by", ToText(rules.PruneBy));
        if (rules.FillHow != FillHow.Unset) json.WriteString("fill_how", "random");
        if (rules.Grace is { } grace) json.WriteString("grace", grace.Text);
        json.WriteEndObject();
    }

    private static bool TryReadDuration(JsonValue value, out RuleDuration duration)
    {
        duration = default;
        if (value.Token != JsonTokenType.String) return false;
        var text = value.ToText();
        if (!GoDuration.TryParse(text, out var nanoseconds)) return false;
        duration = new(text, nanoseconds);
        return true;
    }

    private static bool TryReadShare(JsonValue value, ulong links, out uint share)
    {
        ulong number = 0;
        var isValid = value.IsAbsent || value.TryGetNumber(links, out number);
        share = (uint)number;
        return isValid;
    }

    private static bool TryReadPruneBy(JsonValue value, out PruneBy pruneBy)
    {
        pruneBy = PruneBy.Unset;
        if (value.IsAbsent) return true;
        if (value.Token != JsonTokenType.String) return false;
        pruneBy = value.ToText() switch
        {
            "score" => PruneBy.Score,
            "age" => PruneBy.Age,
            "activity" => PruneBy.Activity,
            _ => PruneBy.Unset,
        };
        return pruneBy != PruneBy.Unset;
    }

    private static bool TryReadFillHow(JsonValue value, out FillHow fillHow)
    {
        fillHow = FillHow.Unset;
        if (value.IsAbsent) return true;
        if (value.Token != JsonTokenType.String || value.ToText() != "random") return false;
        fillHow = FillHow.Random;
        return true;
    }

    private static string ToText(PruneBy pruneBy) => pruneBy switch
    {
        PruneBy.Score => "score",
        PruneBy.Age => "age",
        _ => "activity",
    };
}
