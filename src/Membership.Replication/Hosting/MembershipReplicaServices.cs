using Membership.Replication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a replica to a host.</summary>
public static class MembershipReplicaServices
{
    /// <summary>
    /// Adds a <see cref="MembershipReplica"/> that starts and stops with the host, and a health check <c>membership</c>. A replica that
    /// stops for good ends the host with exit code 75.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMembershipReplica(this IServiceCollection services, Action<MembershipReplicaOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        services.AddSingleton(provider => new MembershipReplica(
            provider.GetRequiredService<IOptions<MembershipReplicaOptions>>().Value,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService, MembershipReplicaService>();
        services.AddHealthChecks().AddCheck<MembershipReplicaHealthCheck>("membership");
        return services;
    }
}
