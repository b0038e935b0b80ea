using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Reflection;
using Membership.Protocol.Tokens;
using Membership.Registry.Telemetry;
using Membership.Registry.Wire;
using Membership.Replication;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Tests.Readme;

/// <summary>The tables of options, metrics and log events, made from the code alone.</summary>
internal static class CodeTables
{
    public static IReadOnlyList<MarkdownTable> All()
    {
        var metrics = Metrics();
        var ofWire = metrics.Where(row => row[0].StartsWith("`membership.wire", StringComparison.Ordinal) || row[0] == "`membership.network.requests`").ToArray();
        string[] metric = ["Name", "Kind", "Unit", "Meaning"];
        string[] log = ["Id", "Level", "Name", "Message", "What to do"];
        return
        [
            Options("Membership.Replication", "options", new MembershipReplicaOptions()),
            new("Membership.Replication", "metrics", metric, [.. metrics.Except(ofWire)]),
            new("Membership.Replication", "log events", log, LogEvents(typeof(ReplicaLog))),
            Options("Membership.Registry", "options", new RegistryOptions()),
            Options("Membership.Registry", "options of the endpoint", new WireOptions { EndPoint = new(IPAddress.Loopback, 0) }),
            new("Membership.Registry", "metrics", metric, ofWire),
            new("Membership.Registry", "log events", log, LogEvents(typeof(RegistryLog))),
        ];
    }

    /// <summary>The options that a user sets.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(property => property.SetMethod is { IsPublic: true } || typeof(System.Collections.IList).IsAssignableFrom(property.PropertyType) || IsList(property.PropertyType))
        .OrderBy(property => property.MetadataToken);

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>);

    private static MarkdownTable Options(string package, string name, object defaults) => new(
        package,
        name,
        ["Option", "Default", "Meaning"],
        [.. PropertiesOf(defaults.GetType()).Select(property => new[] { $"`{property.Name}`", DefaultOf(property, defaults), CodeComments.SummaryOf(property) })]);

    private static string DefaultOf(PropertyInfo property, object defaults) => property.GetValue(defaults) switch
    {
        _ when Attribute.IsDefined(property, typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) => "required",
        null => "null",
        "" => "required",
        string text => $"`{text}`",
        true => "`true`",
        false => "`false`",
        System.Collections.ICollection => "empty",
        IFormattable value => $"`{value.ToString(null, CultureInfo.InvariantCulture)}`",
        var other => $"`{other}`",
    };

    private static List<string[]> LogEvents(Type log) =>
    [
        .. log.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => (Method: method, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(pair => pair.Event is not null)
            .OrderBy(pair => pair.Event!.EventId)
            .Select(pair => new[]
            {
                $"{pair.Event!.EventId}", $"{pair.Event.Level}", $"`{pair.Method.Name}`", pair.Event.Message, CodeComments.SummaryOf(pair.Method),
            }),
    ];

    private static List<string[]> Metrics()
    {
        var rows = new List<string[]>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Tags?.Any(tag => tag.Value is "tables") == true) rows.Add([$"`{instrument.Name}`", KindOf(instrument), $"`{instrument.Unit}`", instrument.Description!]);
            },
        };
        listener.Start();
        using var secret = new ClusterSecret(new byte[ClusterSecret.Bytes]);
        var replica = new MembershipReplica(new() { ClusterId = "tables", ReplicaId = "tables" });
        _ = new RegistryServer(new(replica, new(), secret), new WireOptions { EndPoint = new(IPAddress.Loopback, 0) });

        // Gauges look at the replica when they are read, and nobody reads them here.
        replica.Meter.Observe(null!);
        replica.Meter.Dispose();
        rows.Sort((left, right) => string.CompareOrdinal(left[0], right[0]));
        return rows;
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "Histogram" => "histogram",
        "UpDownCounter" => "up-down counter",
        "ObservableGauge" => "gauge",
        var other => throw new InvalidOperationException(other),
    };
}
