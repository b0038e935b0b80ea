namespace Membership.Formats;

/// <summary>The form of what both entries and records hold: enumerations, verifiers, rules.</summary>
internal static class FieldFormats
{
    public static Role ReadRole(ref FieldReader r)
    {
        var role = (Role)r.ReadByte();
        return role is Role.Member or Role.Admin or Role.Owner ? role : throw new FormatViolationException("role");
    }

    public static Role ReadRoleOrNone(ref FieldReader r)
    {
        var role = (Role)r.ReadByte();
        return role <= Role.Owner ? role : throw new FormatViolationException("role");
    }

    public static JoinRule ReadJoinRule(ref FieldReader r)
    {
        var rule = (JoinRule)r.ReadByte();
        return rule is JoinRule.Open or JoinRule.Token or JoinRule.Invite ? rule : throw new FormatViolationException("join rule");
    }

    public static void Write(ref FieldWriter w, TokenVerifier? verifier)
    {
        if (verifier is not { } present)
        {
            w.WriteNil();
            return;
        }

        w.WriteArrayHeader(2);
        w.Write(present.Salt);
        w.Write(present.Mac);
    }

    public static TokenVerifier? ReadOptionalVerifier(ref FieldReader r)
    {
        if (r.TryReadNil()) return null;
        r.ReadArrayHeaderOf(2);
        return new(r.ReadSalt(), r.ReadTokenMac());
    }

    public static void Write(ref FieldWriter w, RuleSet? rules)
    {
        if (rules is null)
        {
            w.WriteNil();
            return;
        }

        w.WriteArrayHeader(9);
        w.Write(rules.Links);
        w.Write(rules.Cycle.Text);
        w.Write(rules.Cycle.Nanoseconds);
        w.Write(rules.Prune);
        w.Write(rules.Fill);
        w.Write((byte)rules.PruneBy);
        w.Write((byte)rules.FillHow);
        w.Write(rules.Grace?.Text);
        if (rules.Grace is { } grace) w.Write(grace.Nanoseconds);
        else w.WriteNil();
    }

    public static RuleSet? ReadOptionalRuleSet(ref FieldReader r)
    {
        if (r.TryReadNil()) return null;
        r.ReadArrayHeaderOf(9);
        var links = r.ReadUInt32();
        var cycle = new RuleDuration(r.ReadText(), r.ReadInt64());
        var (prune, fill) = (r.ReadUInt32(), r.ReadUInt32());
        var (pruneBy, fillHow) = ((PruneBy)r.ReadByte(), (FillHow)r.ReadByte());
        var graceText = r.ReadOptionalText();
        RuleDuration? grace = null;
        if (graceText is not null) grace = new(graceText, r.ReadInt64());
        else if (!r.TryReadNil()) throw new FormatViolationException("grace");
        return new(links, cycle, prune, fill, pruneBy, fillHow, grace);
    }
}
