using System.Net;
using Membership.Replication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RegistryReplica.Page;

/// <summary>
/// Serves the operator's page, by a web server of its own: what stands on the port of the figures is for programs, and neither has to know
/// of the other.
/// </summary>
internal sealed class PageServer(MembershipReplica replica, PagePlan plan, IHostApplicationLifetime life, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private const string Folder = "RegistryReplica.Page.";

    private readonly ClusterPulse _pulse = new(replica, TimeProvider.System, loggers.CreateLogger<ClusterPulse>());
    private WebApplication? _web;

    /// <exception cref="IOException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting().AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, plan.Port);
        });
        _web = builder.Build();
        _web.Use(new PageGate(plan.Tokens).AdmitAsync);
        _web.Use(RefuseWhileUnavailableAsync);
        Map(_web);
        await _web.StartAsync(cancellationToken);
        _pulse.Start();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_web is not null) await _web.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _pulse.DisposeAsync();
        if (_web is not null) await _web.DisposeAsync();
    }

    private void Map(WebApplication web)
    {
        MapFile(web, "/", "page.html", "text/html; charset=utf-8");
        MapFile(web, "/page.css", "page.css", "text/css; charset=utf-8");
        foreach (var script in new[] { "page.js", "rows.js", "cluster.js", "networks.js", "records.js" })
            MapFile(web, $"/{script}", script, "text/javascript; charset=utf-8");
        MapFile(web, "/page.svg", "page.svg", "image/svg+xml");
        new PageAnswers(replica).Map(web);
        var feed = new PageFeed(replica, _pulse);
        web.MapGet("/api/feed", (HttpContext context, ulong? after) => TypedResults.ServerSentEvents(
            feed.RunAsync(PageFeed.ReadLastSeen(context.Request, after), life.ApplicationStopping, context.RequestAborted)));
    }

    private static void MapFile(WebApplication web, string path, string name, string type)
    {
        using var resource = typeof(PageServer).Assembly.GetManifestResourceStream(Folder + name)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        var content = bytes.ToArray();
        web.MapGet(path, () => Results.Bytes(content, type));
    }

    private static async Task RefuseWhileUnavailableAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ReplicaUnavailableException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsJsonAsync(new { error = e.Message });
        }
    }
}
