using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Snapshots;
using Membership.Replication.Peers;
using Membership.Replication.Snapshots;
using Xunit;

namespace Membership.Cluster.Tests.Peers;

public sealed class PeerTlsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public PeerTlsTests()
    {
        foreach (var authority in new[] { "ours", "theirs" })
            DevelopmentCertificates.Write(_folder[authority], ["r1", "r2"], DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replicas_of_one_authority_talk()
    {
        await using var pair = new PeerPair(tls: Load("ours", "r1"));
        var client = pair.NewClient(tls: Load("ours", "r2"));
        var result = await client.ForwardAsync(PeerPair.Batch(5), PeerPair.Deadline);
        Assert.Equal(5ul, Assert.Single(result.Outcomes).Revision);
        Assert.Empty(pair.ServerLog.Lines);
    }

    [Fact]
    public async Task A_snapshot_comes_over_tls()
    {
        await using var pair = new PeerPair(tls: Load("ours", "r1"));
        using var sender = new SnapshotStore(_folder["sender"], SampleStates.ClusterId);
        pair.Service.Snapshots = sender;
        var pointer = SnapshotPointer.To(await sender.WriteAsync(SampleStates.After(3000)), "r1");
        using var receiver = new SnapshotStore(_folder["receiver"], SampleStates.ClusterId);
        using var transfer = new SnapshotTransfer(receiver);
        var received = await transfer.FetchAsync(pointer, [pair.NewClient(tls: Load("ours", "r2"))]);
        Assert.Equal(SampleStates.After(3000).Digest, received.State.Digest);
    }

    [Fact]
    public async Task A_client_of_another_authority_is_refused()
    {
        await using var pair = new PeerPair(tls: Load("ours", "r1"));
        // It trusts the server's authority, so the server alone objects.
        await RefusedAsync(pair, Load("theirs", "r2", trusted: "ours"));
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        // It trusts the client's authority, so the client alone objects.
        await using var pair = new PeerPair(tls: Load("theirs", "r1", trusted: "ours"));
        await RefusedAsync(pair, Load("ours", "r2"));
    }

    [Fact]
    public async Task A_replica_with_the_certificate_of_another_is_refused_on_either_side()
    {
        await using (var pair = new PeerPair(tls: Load("ours", "r1")))
        {
            await RefusedAsync(pair, Load("ours", "r1"));
            Assert.Contains(pair.ServerLog.Lines, line => line.Contains("the certificate of another", StringComparison.Ordinal));
        }

        await using var impostor = new PeerPair(tls: Load("ours", "r2"));
        await RefusedAsync(impostor, Load("ours", "r2"));
    }

    [Fact]
    public async Task Neither_side_falls_back_to_plain_text()
    {
        await using (var pair = new PeerPair(new() { HandshakeTimeout = TimeSpan.FromMilliseconds(500) }, Load("ours", "r1")))
        {
            await Assert.ThrowsAsync<PeerUnavailableException>(() => pair.NewClient().GetClockAsync());
            await Wait.UntilAsync(() => pair.ServerLog.Lines.Length == 1, "a line in the log");
            await pair.NewClient(tls: Load("ours", "r2")).GetClockAsync();
        }

        await using var plain = new PeerPair();
        await Assert.ThrowsAsync<PeerUnavailableException>(() => plain.NewClient(tls: Load("ours", "r2")).GetClockAsync());
    }

    [Fact]
    public void Certificates_are_never_overwritten_and_keys_are_for_their_owner_alone()
    {
        Assert.Throws<IOException>(
            () => DevelopmentCertificates.Write(_folder["ours"], ["r1"], DateTimeOffset.UtcNow, TimeSpan.FromDays(1)));
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(Path.Combine(_folder["ours"], DevelopmentCertificates.KeyFile("r1")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    private ReplicaTls Load(string authority, string replicaId, string? trusted = null) => ReplicaTls.FromPemFiles(
        Path.Combine(_folder[authority], DevelopmentCertificates.CertificateFile(replicaId)),
        Path.Combine(_folder[authority], DevelopmentCertificates.KeyFile(replicaId)),
        Path.Combine(_folder[trusted ?? authority], DevelopmentCertificates.AuthorityFile));

    private static async Task RefusedAsync(PeerPair pair, ReplicaTls tls)
    {
        var peer = pair.NewClient(tls: tls);
        await Assert.ThrowsAsync<PeerUnavailableException>(() => peer.GetClockAsync());
        Assert.Equal(ForwardVerdict.Refused, (await peer.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline)).Verdict);
        Assert.Equal(0, pair.Service.Forwards);
        await Wait.UntilAsync(() => pair.ServerLog.Lines.Length > 0, "a line in the log");
    }
}
