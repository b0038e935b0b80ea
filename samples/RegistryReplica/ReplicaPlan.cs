using System.Security.Cryptography.X509Certificates;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.Registry;
using Membership.Registry.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryReplica.Page;

namespace RegistryReplica;

/// <summary>What the program is to run: a replica, and before it an endpoint for clients where one is wanted.</summary>
/// <param name="Settings">What the replica is told.</param>
/// <param name="Wire">Where clients are served; null for nowhere.</param>
/// <param name="Secret">The cluster's secret; null only without clients.</param>
/// <param name="Telemetry">Where figures go.</param>
/// <param name="Page">The operator's page; null for none.</param>
internal sealed record ReplicaPlan(IConfiguration Settings, WireOptions? Wire, ClusterSecret? Secret, TelemetryPlan Telemetry, PagePlan? Page) : IDisposable
{
    /// <summary>Makes the plan that the settings ask for.</summary>
    /// <exception cref="FormatException">Says which setting is wrong.</exception>
    /// <exception cref="IOException">A file of secrets or certificates cannot be read.</exception>
    /// <exception cref="InvalidDataException">The secret's file holds something else.</exception>
    public static ReplicaPlan Make(IConfiguration settings)
    {
        var wire = ToWire(settings);
        if (wire is not null) ReplicaSettings.Require(settings, "secret-file");
        var secret = settings["secret-file"] is { } file ? ClusterSecret.Load(file) : null;
        return new(settings, wire, secret, TelemetryPlan.Make(settings), PagePlan.Make(settings));
    }

    /// <summary>Adds what is to run.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddMembershipReplica(options => ReplicaSettings.Apply(Settings, Secret, options));
        if (Wire is not null && Secret is not null) services.AddMembershipRegistry(Wire, Secret, options => Apply(Settings, options));
        Telemetry.AddTo(services);
        Page?.AddTo(services);
    }

    public void Dispose() => Secret?.Dispose();

    private static WireOptions? ToWire(IConfiguration settings)
    {
        if (settings["listen-wire"] is not { } listen) return null;
        return new() { EndPoint = ReplicaSettings.ParseListen("listen-wire", listen), Certificate = ReadCertificate(settings) };
    }

    private static X509Certificate2? ReadCertificate(IConfiguration settings)
    {
        if (settings["wire-tls-certificate"] is null && settings["wire-tls-key"] is null) return null;
        return X509Certificate2.CreateFromPemFile(
            ReplicaSettings.Require(settings, "wire-tls-certificate"), ReplicaSettings.Require(settings, "wire-tls-key"));
    }

    private static void Apply(IConfiguration settings, RegistryOptions options)
    {
        if (settings["compat"] is { } compat)
        {
            if (compat != "pilot") throw new FormatException("compat: only pilot is known");
            options.BePilotCompatible();
        }

        options.InsecurePlaintext = ReplicaSettings.IsOn(settings, "insecure-plaintext");
        options.Registration = Choose(
            settings, "registration", options.Registration, ("admin", RegistrationMode.Admin), ("proof", RegistrationMode.Proof));
        options.DirectoryAccess = Choose(
            settings, "directory", options.DirectoryAccess, ("members", DirectoryAccess.Members), ("open", DirectoryAccess.Open));
        foreach (var token in ReadAdminTokens(settings)) options.AdminTokens.Add(token);
    }

    private static T Choose<T>(IConfiguration settings, string name, T otherwise, params (string Word, T Value)[] choices)
    {
        if (settings[name] is not { } given) return otherwise;
        foreach (var (word, value) in choices)
        {
            if (word == given) return value;
        }

        throw new FormatException($"{name}: one of {string.Join(", ", choices.Select(choice => choice.Word))}");
    }

    internal static List<string> ReadAdminTokens(IConfiguration settings)
    {
        if (settings["admin-tokens-file"] is not { } file) return [];
        List<string> tokens = [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return tokens.Count > 0 ? tokens : throw new FormatException("admin-tokens-file: the file holds no token");
    }
}
