using Membership.Replication;
using Membership.Replication.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a replica to a host.</summary>
public static class MembershipReplicaServices
{
    /// <summary>
    /// Adds a <see cref="MembershipReplica"/> that starts and stops with the host, and its health checks. The host refuses to start with wrong
    /// options. When it stops, a leader hands over before anything else is stopped. A replica that stops for good ends the host with exit code 75.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options. It may be called again to set more; there is one replica in a host.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMembershipReplica(this IServiceCollection services, Action<MembershipReplicaOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<MembershipReplicaOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MembershipReplicaOptions>, ReplicaOptionsValidator>());
        services.TryAddSingleton(provider => new MembershipReplica(
            provider.GetRequiredService<IOptions<MembershipReplicaOptions>>().Value,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>()));
        if (services.Any(service => service.ImplementationType == typeof(MembershipReplicaService))) return services;
        services.AddSingleton<IHostedService, MembershipReplicaService>();
        services.AddHealthChecks().AddMembershipReplica();
        return services;
    }

    /// <summary>
    /// As <see cref="AddMembershipReplica(IServiceCollection, Action{MembershipReplicaOptions})"/>, with options from a section of the
    /// configuration, by their own names. A name that is none is an error.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">
    /// The section. <c>Replicas</c> is a list of <c>{ "Id", "Raft", "Peer" }</c>, the last two <c>host:port</c>; <c>Tls</c> has
    /// <c>CertificateFile</c>, <c>KeyFile</c> and <c>AuthorityFile</c>, all PEM.
    /// </param>
    /// <param name="configure">Sets further options, or others than the section; null for none.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMembershipReplica(
        this IServiceCollection services, IConfiguration section, Action<MembershipReplicaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddMembershipReplica(options =>
        {
            ReplicaConfiguration.Apply(section, options);
            configure?.Invoke(options);
        });
    }
}
