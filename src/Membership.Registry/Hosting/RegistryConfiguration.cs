using System.Security.Cryptography.X509Certificates;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.Registry.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using static Membership.Replication.Hosting.OptionProblem;
using static Membership.Replication.Hosting.OptionSetting;

namespace Membership.Registry.Hosting;

/// <summary>Options of the registry and of its endpoint out of one configuration section, by their own names.</summary>
internal static class RegistryConfiguration
{
    private const string SecretFile = "SecretFile";

    /// <summary>How each option of the registry is read.</summary>
    public static IReadOnlyDictionary<string, Action<RegistryOptions, IConfigurationSection>> Setters { get; } =
        new Dictionary<string, Action<RegistryOptions, IConfigurationSection>>(StringComparer.OrdinalIgnoreCase)
        {
            ["DirectoryAccess"] = (o, s) => o.DirectoryAccess = Word<DirectoryAccess>(s),
            ["LegacySignatures"] = (o, s) => o.LegacySignatures = Flag(s),
            ["Registration"] = (o, s) => o.Registration = Word<RegistrationMode>(s),
            ["NetworkAdminCountsAsOwner"] = (o, s) => o.NetworkAdminCountsAsOwner = Flag(s),
            ["StockWords"] = (o, s) => o.StockWords = Flag(s),
            ["InsecurePlaintext"] = (o, s) => o.InsecurePlaintext = Flag(s),
            ["AdminTokens"] = (o, s) => AddTokens(o, s.GetChildren().Select(Text)),
            ["AdminTokensFile"] = (o, s) => AddTokens(o, File.ReadLines(Text(s)).Select(line => line.Trim()).Where(line => line.Length > 0)),
        };

    /// <summary>How each option of the endpoint is read.</summary>
    public static IReadOnlyDictionary<string, Action<WireSetup, IConfigurationSection>> WireSetters { get; } =
        new Dictionary<string, Action<WireSetup, IConfigurationSection>>(StringComparer.OrdinalIgnoreCase)
        {
            ["EndPoint"] = Set((o, s) => o with { EndPoint = Listen(s) }),
            ["Certificate"] = Set((o, s) => o with { Certificate = ReadCertificate(s) }),
            ["ConnectionsMax"] = Set((o, s) => o with { ConnectionsMax = Number<int>(s) }),
            ["ConnectionsPerSourceMax"] = Set((o, s) => o with { ConnectionsPerSourceMax = Number<int>(s) }),
            ["InFlightPerSourceMax"] = Set((o, s) => o with { InFlightPerSourceMax = Number<int>(s) }),
            ["FailedCredentialsPerMinute"] = Set((o, s) => o with { FailedCredentialsPerMinute = Number<int>(s) }),
            ["InFlightMax"] = Set((o, s) => o with { InFlightMax = Number<int>(s) }),
            ["UnansweredBytesMax"] = Set((o, s) => o with { UnansweredBytesMax = Number<long>(s) }),
            ["FrameBytesMax"] = Set((o, s) => o with { FrameBytesMax = Number<int>(s) }),
            ["AnonymousFrameBytesMax"] = Set((o, s) => o with { AnonymousFrameBytesMax = Number<int>(s) }),
            ["NodeMutationsPerSecond"] = Set((o, s) => o with { NodeMutationsPerSecond = Number<int>(s) }),
            ["NodeMutationsBurst"] = Set((o, s) => o with { NodeMutationsBurst = Number<int>(s) }),
            ["IdleTimeout"] = Set((o, s) => o with { IdleTimeout = Time(s) }),
            ["StallTimeout"] = Set((o, s) => o with { StallTimeout = Time(s) }),
        };

    /// <summary>Sets what of the section is the registry's.</summary>
    public static void Apply(IConfiguration section, RegistryOptions options) =>
        Replication.Hosting.OptionSetting.Apply(section, options, Setters, [.. WireSetters.Keys, SecretFile]);

    /// <summary>Sets what of the section is the endpoint's.</summary>
    public static void Apply(IConfiguration section, WireSetup setup)
    {
        if (section["EndPoint"] is null)
            throw Invalid(Of(ConfigurationPath.Combine(PathOf(section), "EndPoint"), null, "an IP address and a port such as 127.0.0.1:4711"));
        Replication.Hosting.OptionSetting.Apply(section, setup, WireSetters, [.. Setters.Keys, SecretFile]);
    }

    /// <summary>Reads the cluster's secret from the file that the section names.</summary>
    /// <exception cref="OptionsValidationException">There is none, or it holds something else.</exception>
    public static ClusterSecret LoadSecret(IConfiguration section)
    {
        var option = ConfigurationPath.Combine(PathOf(section), SecretFile);
        if (section[SecretFile] is not { Length: > 0 } file) throw Invalid(Of(option, null, "a file of 32 random bytes, the same on every replica"));
        try
        {
            return ClusterSecret.Load(file);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Invalid(Of(option, file, $"a file of 32 random bytes that can be read: {e.Message}"));
        }
    }

    private static Action<WireSetup, IConfigurationSection> Set(Func<WireOptions, IConfigurationSection, WireOptions> change) =>
        (setup, setting) => setup.Wire = change(setup.Wire, setting);

    private static void AddTokens(RegistryOptions options, IEnumerable<string> tokens)
    {
        foreach (var token in tokens) options.AdminTokens.Add(token);
    }

    private static X509Certificate2 ReadCertificate(IConfigurationSection certificate) =>
        X509Certificate2.CreateFromPemFile(Text(certificate.GetSection("CertificateFile")), Text(certificate.GetSection("KeyFile")));

    private static string PathOf(IConfiguration section) => (section as IConfigurationSection)?.Path ?? "";

    private static OptionsValidationException Invalid(string problem) => new(Options.DefaultName, typeof(WireOptions), [problem]);
}
