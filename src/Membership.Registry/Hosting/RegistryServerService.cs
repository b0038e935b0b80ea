using Membership.Registry.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Hosting;

/// <summary>Starts and stops the endpoint with the host.</summary>
/// <param name="services">Hold the endpoint, which is asked for at the start, as options are checked only then.</param>
/// <param name="logger">Says where it listens.</param>
internal sealed class RegistryServerService(IServiceProvider services, ILogger<RegistryServer> logger) : IHostedService
{
    private RegistryServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _server = services.GetRequiredService<RegistryServer>();
        await _server.StartAsync(cancellationToken);
        logger.ServesClients(_server.EndPoint);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
