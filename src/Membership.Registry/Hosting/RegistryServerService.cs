using Membership.Registry.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Hosting;

/// <summary>Starts and stops the endpoint with the host.</summary>
internal sealed class RegistryServerService(RegistryServer server, ILogger<RegistryServer> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken);
        logger.ServesClients(server.EndPoint);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
}
