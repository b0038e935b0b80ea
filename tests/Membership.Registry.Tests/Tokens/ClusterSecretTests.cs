using System.Text;
using Membership.Protocol.Tokens;

namespace Membership.Registry.Tests.Tokens;

public sealed class ClusterSecretTests : IDisposable
{
    private readonly ClusterSecret _secret = new(Encoding.ASCII.GetBytes("0123456789abcdef0123456789ABCDEF"));

    public void Dispose() => _secret.Dispose();

    [Fact]
    public void A_secret_is_a_file_of_32_bytes()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "0123456789abcdef0123456789ABCDEF");
            using var loaded = ClusterSecret.Load(path);
            Assert.Equal(_secret.Id, loaded.Id);
            foreach (var content in new[] { "", "0123456789abcdef0123456789ABCDE", "0123456789abcdef0123456789ABCDEF\n" })
            {
                File.WriteAllText(path, content);
                Assert.Throws<InvalidDataException>(() => ClusterSecret.Load(path));
            }
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => ClusterSecret.Load(path));
        Assert.Throws<ArgumentException>(() => new ClusterSecret(new byte[31]));
    }

    [Fact]
    public void Its_id_tells_secrets_apart_and_its_text_says_nothing()
    {
        using var other = new ClusterSecret(new byte[32]);
        Assert.Equal(32, _secret.Id.Length);
        Assert.NotEqual(_secret.Id, other.Id);
        Assert.Equal("ClusterSecret", _secret.ToString());
    }

    [Fact]
    public void A_wiped_secret_serves_no_more()
    {
        var wiped = new ClusterSecret(new byte[32]);
        wiped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => wiped.MakeVerifier("token"));
    }

    [Fact]
    public void Verifiers_differ_by_salt_secret_and_token()
    {
        using var other = new ClusterSecret(new byte[32]);
        var verifier = _secret.MakeVerifier("sesame");
        Assert.True(_secret.Verify(verifier, "sesame"));
        Assert.False(_secret.Verify(verifier, "sesam"));
        Assert.False(_secret.Verify(verifier, ""));
        Assert.False(_secret.Verify(_secret.MakeVerifier(""), ""));
        Assert.False(other.Verify(verifier, "sesame"));
        Assert.NotEqual(verifier.Salt, _secret.MakeVerifier("sesame").Salt);
    }

    [Theory]
    [InlineData("""{"type":"status","admin_token":"a","x":1}""", """{"type":"status","admin_token":"a","x":1}""", true)]
    [InlineData("""{"type":"status","admin_token":"a","x":1}""", """{"type":"status","admin_token":"another","x":1}""", true)]
    [InlineData("""{"type":"status","signature":"a","x":1}""", """{"type":"status","signature":"b","x":1}""", true)]
    [InlineData("""{"admin_token":"a","type":"status","signature":"b"}""", """{"admin_token":"c","type":"status","signature":"d"}""", true)]
    [InlineData("""{"signature":"a","type":"status","admin_token":"b"}""", """{"signature":"c","type":"status","admin_token":"d"}""", true)]
    [InlineData("""{"type":"status","admin\u005ftoken":"a"}""", """{"type":"status","admin_token":"b"}""", true)]
    [InlineData("""{"type":"status","x":1}""", """{"type":"status","x":2}""", false)]
    [InlineData("""{"type":"status","x":1}""", """{"type":"status","x": 1}""", false)]
    [InlineData("""{"type":"status","token":"a"}""", """{"type":"status","token":"b"}""", false)]
    [InlineData("""{"type":"status","x":{"admin_token":"a"}}""", """{"type":"status","x":{"admin_token":"b"}}""", false)]
    public void The_fingerprint_is_that_of_the_bytes_without_credentials(string first, string second, bool areSame)
    {
        var (one, two) = (_secret.FingerprintOf(Wire.Read(first).Content), _secret.FingerprintOf(Wire.Read(second).Content));
        Assert.Equal(areSame, one == two);
        using var other = new ClusterSecret(new byte[32]);
        Assert.NotEqual(one, other.FingerprintOf(Wire.Read(first).Content));
    }

    [Fact]
    public void The_fingerprint_of_a_signed_request_is_that_of_its_payload()
    {
        const string Payload = """{"type":"get_node","node_id":9,"signer":7,"cluster":"a","issued_at":1}""";
        var payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(Payload));
        string Envelope(string signature) =>
            $$"""{"type":"signed","payloadType":"application/vnd.membership.request+json","payload":"{{payload}}","signatures":[{"keyid":"7","sig":"{{signature}}"}]}""";
        var fingerprint = _secret.FingerprintOf(Wire.Read(Envelope("AAAA")).Content);
        Assert.Equal(fingerprint, _secret.FingerprintOf(Wire.Read(Envelope("")).Content));
        Assert.Equal(fingerprint, _secret.FingerprintOf(Wire.Read(Payload).Content));
    }
}
