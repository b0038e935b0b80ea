using System.Net;
using Membership.Replication.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RegistryReplica;

/// <summary>Where figures, traces and logs go, beside the console.</summary>
/// <param name="Replica">The replica, as the collector is to know it.</param>
/// <param name="Metrics">Where Prometheus may ask; null for nowhere. Always this machine: nobody proves anything there.</param>
/// <param name="Collector">Who is sent everything, by OTLP over HTTP; null for nobody.</param>
internal sealed record TelemetryPlan(string Replica, IPEndPoint? Metrics, Uri? Collector)
{
    /// <summary>Makes the plan that the settings ask for.</summary>
    /// <exception cref="FormatException">Says which setting is wrong.</exception>
    public static TelemetryPlan Make(IConfiguration settings) => new(ReplicaSettings.Require(settings, "id"), ReadMetrics(settings), ReadCollector(settings));

    /// <summary>Adds what collects and sends.</summary>
    public void AddTo(IServiceCollection services)
    {
        if (Metrics is null && Collector is null) return;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("membership", serviceInstanceId: Replica))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(MembershipTelemetry.Name);
                if (Metrics is not null) metrics.AddPrometheusExporter();
                if (Collector is not null) metrics.AddOtlpExporter(options => SendTo(options, "v1/metrics"));
            });
        if (Collector is null) return;
        telemetry
            .WithTracing(traces => traces.AddSource(MembershipTelemetry.Name).AddOtlpExporter(options => SendTo(options, "v1/traces")))
            .WithLogging(logs => logs.AddOtlpExporter(options => SendTo(options, "v1/logs")));
    }

    /// <summary>Has the web server answer Prometheus and whoever asks for the replica's health.</summary>
    public static void Map(WebApplication web)
    {
        web.MapPrometheusScrapingEndpoint("/metrics");
        web.MapHealthChecks("/health/live", Having(MembershipReplicaHealthChecks.LiveTag));
        web.MapHealthChecks("/health/ready", Having(MembershipReplicaHealthChecks.ReadyTag));
    }

    private static HealthCheckOptions Having(string tag) => new() { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Data),
    });

    private static IPEndPoint? ReadMetrics(IConfiguration settings)
    {
        if (settings["metrics"] is not { } text) return null;
        var endPoint = ReplicaSettings.ParseListen("metrics", text);
        return IPAddress.IsLoopback(endPoint.Address) ? endPoint : throw new FormatException($"metrics: '{text}' is not on this machine: use 127.0.0.1:PORT");
    }

    private static Uri? ReadCollector(IConfiguration settings)
    {
        if (settings["otlp"] is not { } text) return null;
        var isUrl = Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        return isUrl ? url : throw new FormatException($"otlp: '{text}' is not a URL such as http://127.0.0.1:4318");
    }

    private void SendTo(OtlpExporterOptions options, string path) =>
        (options.Protocol, options.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(Collector!, path));
}
