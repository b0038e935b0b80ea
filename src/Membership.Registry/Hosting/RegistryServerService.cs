using Microsoft.Extensions.Hosting;

namespace Membership.Registry.Hosting;

/// <summary>Starts and stops the endpoint with the host.</summary>
internal sealed class RegistryServerService(RegistryServer server) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
}
