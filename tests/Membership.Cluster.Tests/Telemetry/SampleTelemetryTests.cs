using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ThreeNodeCluster;
using Xunit;

namespace Membership.Cluster.Tests.Telemetry;

/// <summary>The sample as a process: Prometheus asks it, and a collector is sent what it has to say.</summary>
public sealed class SampleTelemetryTests
{
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_sample_is_scraped_and_says_how_it_is_and_sends_to_a_collector()
    {
        using var folder = new TestFolder();
        await using var collector = await Collector.StartAsync();
        var (ports, metrics) = (ReplicaPorts.Free(2)[0], ReplicaPorts.Free(1)[0].Wire);
        Directory.CreateDirectory(folder["files"]);
        await File.WriteAllBytesAsync(Path.Combine(folder["files"], "secret"), RandomNumberGenerator.GetBytes(32));
        await File.WriteAllTextAsync(Path.Combine(folder["files"], "tokens"), ServedGroup.AdminToken);
        await using var process = ReplicaProcess.Start(
            "a",
            folder["a"],
            [
                "--id", "a", "--cluster", "scraped", "--replicas", ReplicaPorts.List([new("a", ports)]), "--data", folder["a"], "--bootstrap",
                "--secret-file", Path.Combine(folder["files"], "secret"), "--admin-tokens-file", Path.Combine(folder["files"], "tokens"),
                "--listen-wire", $"{ports.Wire}", "--metrics", $"{metrics}", "--otlp", $"http://{collector.EndPoint}",
            ]);
        using var http = new HttpClient { BaseAddress = new($"http://{metrics}") };
        await UntilAsync(async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK, "the replica to be ready");
        using (var client = await WireClient.ConnectAsync(ports.Wire, "scraped"))
        {
            var node = await client.RegisterAsync();
            Assert.Equal("create_network_ok", TypeOf(await client.AskAsync(WireClient.Admin("create_network", ("node_id", node.Id), ("name", "scraped")))));
            Assert.Equal("error", TypeOf(await client.AskAsync(WireClient.Admin("create_network", ("node_id", node.Id), ("name", "scraped")))));
        }

        var figures = await http.GetStringAsync("/metrics");
        Assert.Equal(1, ValueOf(figures, "membership_raft_leader", []));
        Assert.Equal(1, ValueOf(figures, "membership_apply_rejections_total", ["membership_code=\"name_taken\""]));
        Assert.Equal(1, ValueOf(figures, "membership_wire_request_duration_seconds_count", ["membership_command=\"create_network\"", "membership_code=\"ok\""]));
        Assert.Equal(1, ValueOf(figures, "membership_events_total", ["membership_event_action=\"network.created\"", "membership_replica_id=\"a\""]));
        Assert.Contains("# TYPE membership_apply_duration_seconds histogram", figures, StringComparison.Ordinal);
        Assert.Contains("le=\"0.00025\"", figures, StringComparison.Ordinal);

        using var health = JsonDocument.Parse(await http.GetStringAsync("/health/ready"));
        Assert.Equal("ok", health.RootElement.GetProperty("checks").GetProperty("membership-ready").GetProperty("has_leader").GetString());
        Assert.Equal("Healthy", JsonDocument.Parse(await http.GetStringAsync("/health/live")).RootElement.GetProperty("status").GetString());

        await Wait.UntilAsync(() => collector.BytesOf("/v1/traces") > 0 && collector.BytesOf("/v1/logs") > 0, "traces and logs", limit);

        // Metrics go out once a minute, and as the process ends.
        await process.DisposeAsync();
        Assert.True(collector.BytesOf("/v1/metrics") > 0);
    }

    [Theory]
    [InlineData("--metrics", "0.0.0.0:9464", "metrics: '0.0.0.0:9464' is not on this machine: use 127.0.0.1:PORT")]
    [InlineData("--metrics", "9464", "metrics: '9464' is not host:port")]
    [InlineData("--otlp", "collector", "otlp: 'collector' is not a URL such as http://127.0.0.1:4318")]
    [InlineData("--election-ms", "600-300", "ElectionTimeoutMaxMs is 300: set it to more than ElectionTimeoutMinMs, 600.")]
    public async Task Wrong_settings_are_said_in_a_line_and_end_it_with_64(string setting, string value, string line)
    {
        using var folder = new TestFolder();
        var ports = ReplicaPorts.Free(1)[0];
        await using var process = ReplicaProcess.Start(
            "a", folder["a"], ["--id", "a", "--cluster", "alpha", "--replicas", ReplicaPorts.List([new("a", ports)]), "--data", folder["a"], setting, value]);
        await Wait.UntilAsync(() => process.HasExited && Lines(process).Length > 0, "the end of the process", limit);
        Assert.Equal([line], Lines(process));
        Assert.Equal(64, process.ExitCode);
        Assert.False(Directory.Exists(folder["a"]));
    }

    private static string[] Lines(ReplicaProcess process)
    {
        using var log = new StreamReader(new FileStream(process.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string? TypeOf(JsonElement answer) => answer.GetProperty("type").GetString();

    // A line of Prometheus: name{labels} value.
    private static double ValueOf(string figures, string name, string[] labels)
    {
        var line = Assert.Single(
            figures.Split('\n'), line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)));
        return double.Parse(line.Split("} ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                if (await condition()) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            if (System.Diagnostics.Stopwatch.GetElapsedTime(since) > limit) throw new TimeoutException($"Waited in vain for {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Stands for a collector: takes whatever is posted, and counts its bytes.</summary>
    private sealed class Collector(WebApplication web) : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, long> _bytes = [];

        public string EndPoint => new Uri(web.Urls.First()).Authority;

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var collector = new Collector(builder.Build());
            await collector.RunAsync();
            return collector;
        }

        public long BytesOf(string path) => _bytes.GetValueOrDefault(path);

        public ValueTask DisposeAsync() => web.DisposeAsync();

        private Task RunAsync()
        {
            web.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                _bytes.AddOrUpdate(context.Request.Path, body.Length, (_, before) => before + body.Length);
                context.Response.ContentType = "application/x-protobuf";
            });
            return web.StartAsync();
        }
    }
}
