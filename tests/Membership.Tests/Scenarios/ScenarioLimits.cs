using System.Globalization;
using System.Reflection;

namespace Membership.Tests.Scenarios;

/// <summary>Limits as a scenario writes them: <c>InboxMax=2 SweepMax=1</c>, by the names of <see cref="Limits"/>.</summary>
internal static class ScenarioLimits
{
    public static Limits Parse(Arguments a)
    {
        var limits = Limits.Production with { };
        foreach (var property in typeof(Limits).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (a.Number<long>(property.Name) is { } value)
                property.SetValue(limits, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
        }

        return limits;
    }
}
