using Membership.Protocol.Tokens;
using Membership.Registry;
using Membership.Registry.Hosting;
using Membership.Registry.Wire;
using Membership.Replication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the handlers and the wire endpoint of a replica to a host.</summary>
public static class MembershipRegistryServices
{
    /// <summary>
    /// Adds <see cref="RegistryHandlers"/>, and a <see cref="RegistryServer"/> that starts and stops with the host. Call it after
    /// <c>AddMembershipReplica</c>, so that clients are served while the replica runs and no longer. The host refuses to start with wrong options.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="wire">Where clients are served, and their limits.</param>
    /// <param name="secret">
    /// The cluster's secret, kept by the caller. Its id becomes the replica's <see cref="MembershipReplicaOptions.SecretId"/>, unless that is set.
    /// </param>
    /// <param name="configure">Sets what clients are answered; null for the defaults.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMembershipRegistry(
        this IServiceCollection services, WireOptions wire, ClusterSecret secret, Action<RegistryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(wire);
        ArgumentNullException.ThrowIfNull(secret);
        services.AddSingleton(secret);
        return services.AddRegistry(setup => setup.Wire = wire, options => configure?.Invoke(options));
    }

    /// <summary>
    /// As <see cref="AddMembershipRegistry(IServiceCollection, WireOptions, ClusterSecret, Action{RegistryOptions})"/>, with everything from a
    /// section of the configuration, by the names of <see cref="RegistryOptions"/> and <see cref="WireOptions"/>. A name that is none is an error.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">
    /// The section. Besides the options: <c>SecretFile</c>, the cluster's secret; <c>AdminTokensFile</c>, admin tokens one a line; and
    /// <c>Certificate</c> has <c>CertificateFile</c> and <c>KeyFile</c>, both PEM.
    /// </param>
    /// <param name="configure">Sets what clients are answered, besides the section; null for nothing more.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMembershipRegistry(
        this IServiceCollection services, IConfiguration section, Action<RegistryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddSingleton(_ => RegistryConfiguration.LoadSecret(section));
        return services.AddRegistry(setup => RegistryConfiguration.Apply(section, setup), options =>
        {
            RegistryConfiguration.Apply(section, options);
            configure?.Invoke(options);
        });
    }

    private static IServiceCollection AddRegistry(this IServiceCollection services, Action<WireSetup> wire, Action<RegistryOptions> configure)
    {
        services.AddOptions<RegistryOptions>().Configure(configure).ValidateOnStart();
        services.AddOptions<WireSetup>().Configure(wire).ValidateOnStart();
        services.AddOptions<MembershipReplicaOptions>().PostConfigure<IServiceProvider>(
            (options, provider) => options.SecretId ??= provider.GetRequiredService<ClusterSecret>().Id);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RegistryOptions>, RegistryOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WireSetup>, RegistryOptionsValidator>());
        services.AddSingleton(provider => new RegistryHandlers(
            provider.GetRequiredService<MembershipReplica>(),
            provider.GetRequiredService<IOptions<RegistryOptions>>().Value,
            provider.GetRequiredService<ClusterSecret>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<RegistryHandlers>>()));
        services.AddSingleton(provider => new RegistryServer(
            provider.GetRequiredService<RegistryHandlers>(),
            provider.GetRequiredService<IOptions<WireSetup>>().Value.Wire,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService, RegistryServerService>();
        return services;
    }
}
