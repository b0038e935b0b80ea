using RegistryReplica;
using Xunit;

namespace Membership.EndToEnd.Replica;

/// <summary>What is no setting is told: a slip of the pen must not leave a replica open, or without what it was to do.</summary>
public sealed class ReplicaSettingsTests
{
    [Theory]
    [InlineData("--page-demand-token", "--page-demand-token is no setting")]
    [InlineData("--insecure-plaintxt", "--insecure-plaintxt is no setting")]
    [InlineData("--snaphot-bytes 100000", "--snaphot-bytes is no setting")]
    [InlineData("--snaphot-bytes=100000", "--snaphot-bytes is no setting")]
    [InlineData("--data --bootstrap", "data: its value is missing")]
    [InlineData("--data", "data: its value is missing")]
    [InlineData("--bootstrap yes", "'yes' is no option")]
    [InlineData("-x", "'-x' is no option")]
    public void A_wrong_argument_is_told(string words, string told) =>
        Assert.StartsWith(told, Assert.Throws<FormatException>(() => ReplicaSettings.Collect(words.Split(' '))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_is_held_to_the_same_names_and_an_argument_wins()
    {
        var folder = Directory.CreateTempSubdirectory("membership-settings-");
        try
        {
            var file = Path.Combine(folder.FullName, "settings.json");
            File.WriteAllText(file, """{ "id": "a", "bootstrap": true, "data": "there" }""");
            var settings = ReplicaSettings.Collect(["--config", file, "--data", "here", "--page-demands-token"]);
            Assert.Equal(("a", "here"), (settings["id"], settings["data"]));
            Assert.True(ReplicaSettings.IsOn(settings, "bootstrap"));
            Assert.True(ReplicaSettings.IsOn(settings, "page-demands-token"));
            Assert.False(ReplicaSettings.IsOn(settings, "insecure-plaintext"));

            File.WriteAllText(file, """{ "boostrap": true }""");
            Assert.StartsWith("'boostrap' in", Assert.Throws<FormatException>(() => ReplicaSettings.Collect(["--config", file])).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_time_beyond_range_names_its_setting()
    {
        var settings = ReplicaSettings.Collect(["--id", "a", "--cluster", "c", "--data", "d", "--replicas", "a=127.0.0.1:1/127.0.0.1:2", "--election-ms", "500-99999999999"]);
        var error = Assert.Throws<FormatException>(() => ReplicaSettings.Apply(settings, secret: null, new()));
        Assert.StartsWith("election-ms: '99999999999'", error.Message, StringComparison.Ordinal);
    }
}
