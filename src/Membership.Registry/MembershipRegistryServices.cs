using Membership.Protocol.Tokens;
using Membership.Registry;
using Membership.Registry.Wire;
using Membership.Replication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the handlers and the wire endpoint of a replica to a host.</summary>
public static class MembershipRegistryServices
{
    /// <summary>
    /// Adds <see cref="RegistryHandlers"/>, and a <see cref="RegistryServer"/> that starts and stops with the host. Call it after
    /// <see cref="MembershipReplicaServices.AddMembershipReplica"/>, so that clients are served while the replica runs and no longer.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="wire">Where clients are served, and their limits.</param>
    /// <param name="secret">The cluster's secret, kept by the caller. The replica's <see cref="MembershipReplicaOptions.SecretId"/> is its id.</param>
    /// <param name="configure">Sets what clients are answered; null for the defaults.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMembershipRegistry(
        this IServiceCollection services, WireOptions wire, ClusterSecret secret, Action<RegistryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(wire);
        ArgumentNullException.ThrowIfNull(secret);
        var options = new RegistryOptions();
        configure?.Invoke(options);
        services.AddSingleton(provider => new RegistryHandlers(
            provider.GetRequiredService<MembershipReplica>(),
            options,
            secret,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<RegistryHandlers>>()));
        services.AddSingleton(provider => new RegistryServer(
            provider.GetRequiredService<RegistryHandlers>(), wire, provider.GetService<ILoggerFactory>(), provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService, RegistryServerService>();
        return services;
    }
}
