using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryReplica.Page;

/// <summary>Where the operator's page is served. Always this machine: it shows all that an admin may see.</summary>
/// <param name="Port">The port on loopback.</param>
/// <param name="Tokens">The admin tokens of which the page demands one; empty when it demands none.</param>
internal sealed record PagePlan(int Port, ImmutableArray<string> Tokens)
{
    /// <summary>Makes the plan that the settings ask for; null for no page.</summary>
    /// <exception cref="FormatException">Says which setting is wrong.</exception>
    /// <exception cref="IOException">The file of tokens cannot be read.</exception>
    public static PagePlan? Make(IConfiguration settings)
    {
        if (settings["page"] is not { } text) return null;
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new FormatException($"page: '{text}' is not a port: the page is served on this machine alone");
        if (settings["page-demands-token"] != "true") return new(port, []);
        ReplicaSettings.Require(settings, "admin-tokens-file");
        return new(port, [.. ReplicaPlan.ReadAdminTokens(settings)]);
    }

    /// <summary>Adds the page.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this);
        services.AddHostedService<PageServer>();
    }
}
