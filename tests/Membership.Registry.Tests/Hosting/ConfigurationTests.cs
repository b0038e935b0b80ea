using System.Net;
using System.Reflection;
using Membership.Registry.Hosting;
using Membership.Registry.Tests.Readme;
using Membership.Registry.Wire;
using Membership.Replication;
using Membership.Replication.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Membership.Registry.Tests.Hosting;

/// <summary>Each option can be set by a configuration, and only itself.</summary>
public sealed class ConfigurationTests
{
    // Each has its own form, and a test elsewhere.
    private static readonly string[] OfOwnForm = ["Replicas", "Tls", "Certificate", "AdminTokens"];

    [Fact]
    public void Every_option_has_its_setting_and_no_setting_is_without_an_option()
    {
        Assert.Equal(NamesOf(typeof(MembershipReplicaOptions)), ReplicaConfiguration.Setters.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([.. NamesOf(typeof(RegistryOptions)).Append("AdminTokensFile").Order(StringComparer.Ordinal)], RegistryConfiguration.Setters.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(NamesOf(typeof(WireOptions)), RegistryConfiguration.WireSetters.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_setting_sets_its_option_and_no_other()
    {
        AssertSets(() => new MembershipReplicaOptions(), options => options, ReplicaConfiguration.Apply);
        AssertSets(() => new RegistryOptions(), options => options, RegistryConfiguration.Apply);
        AssertSets(() => new WireSetup(), setup => setup.Wire, (section, setup) => OptionSetting.Apply(section, setup, RegistryConfiguration.WireSetters));
    }

    [Fact]
    public void Replicas_and_tokens_are_lists()
    {
        var options = new MembershipReplicaOptions();
        ReplicaConfiguration.Apply(Section(("Replicas:0:Id", "a"), ("Replicas:0:Raft", "10.0.0.1:1"), ("Replicas:0:Peer", "a.example:2")), options);
        Assert.Equal([new ReplicaAddress("a", new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1), new DnsEndPoint("a.example", 2))], options.Replicas);

        var file = Path.GetTempFileName();
        File.WriteAllText(file, " third \n\n");
        var registry = new RegistryOptions();
        RegistryConfiguration.Apply(Section(("AdminTokens:0", "first"), ("AdminTokens:1", "second"), ("AdminTokensFile", file)), registry);
        File.Delete(file);
        Assert.Equal(["first", "second", "third"], registry.AdminTokens);
    }

    [Fact]
    public void What_is_wrong_with_limits_is_said_and_a_token_is_not()
    {
        var wire = new WireOptions { EndPoint = new(IPAddress.Loopback, 0), FrameBytesMax = 10, AnonymousFrameBytesMax = 11, IdleTimeout = TimeSpan.Zero };
        Assert.Equal(
            ["AnonymousFrameBytesMax is 11: set it to 1 to FrameBytesMax, 10.", "IdleTimeout is 00:00:00: set it to more than 0, such as 00:05:00."],
            RegistryOptionRules.FindProblems(wire));
        var token = new string('s', 257);
        var options = new RegistryOptions { Registration = (RegistrationMode)9, AdminTokens = { "fine", token, "" } };
        var problems = RegistryOptionRules.FindProblems(options).ToArray();
        Assert.Equal(
            [
                "Registration is 9: set it to Admin or Proof.",
                "AdminTokens has 257 bytes at place 1: set it to a token of 1 to 256 UTF-8 bytes.",
                "AdminTokens has 0 bytes at place 2: set it to a token of 1 to 256 UTF-8 bytes.",
            ],
            problems);
    }

    [Fact]
    public void Without_an_end_point_or_a_secret_it_is_said_what_is_missing()
    {
        var section = Section(("ConnectionsMax", "5"));
        var noEndPoint = Assert.Throws<OptionsValidationException>(() => RegistryConfiguration.Apply(section, new WireSetup()));
        Assert.Equal(["Registry:EndPoint is not set: set it to an IP address and a port such as 127.0.0.1:4711."], noEndPoint.Failures);
        var noSecret = Assert.Throws<OptionsValidationException>(() => RegistryConfiguration.LoadSecret(section));
        Assert.Equal(["Registry:SecretFile is not set: set it to a file of 32 random bytes, the same on every replica."], noSecret.Failures);
        var noFile = Assert.Throws<OptionsValidationException>(() => RegistryConfiguration.LoadSecret(Section(("SecretFile", "/nowhere/secret"))));
        Assert.StartsWith("Registry:SecretFile is '/nowhere/secret': set it to a file of 32 random bytes that can be read: ", Assert.Single(noFile.Failures), StringComparison.Ordinal);
    }

    private static IEnumerable<string> NamesOf(Type options) => CodeTables.PropertiesOf(options).Select(property => property.Name).Order(StringComparer.Ordinal);

    private static void AssertSets<T>(Func<T> make, Func<T, object> optionsOf, Action<IConfiguration, T> apply)
    {
        foreach (var property in CodeTables.PropertiesOf(optionsOf(make()).GetType()).Where(property => !OfOwnForm.Contains(property.Name)))
        {
            var (before, after) = (make(), make());
            apply(Section((property.Name, OtherThan(property, property.GetValue(optionsOf(before))))), after);
            var changed = CodeTables.PropertiesOf(optionsOf(after).GetType())
                .Where(other => !OfOwnForm.Contains(other.Name) && !Equals(other.GetValue(optionsOf(before)), other.GetValue(optionsOf(after))));
            Assert.Equal([property.Name], changed.Select(other => other.Name));
        }
    }

    private static string OtherThan(PropertyInfo property, object? value) => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
    {
        var type when type == typeof(string) => "other",
        var type when type == typeof(bool) => $"{!(bool)value!}",
        var type when type == typeof(IPEndPoint) => "127.0.0.1:4711",
        var type when type == typeof(TimeSpan) => "00:00:42",
        { IsEnum: true } type => Enum.GetNames(type).First(name => name != $"{value}"),
        var type when type == typeof(double) => "0.125",
        _ => "4242",
    };

    private static IConfigurationSection Section(params (string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => $"Registry:{setting.Key}", setting => setting.Value)).Build().GetSection("Registry");
}
