using System.CommandLine;
using Membership.Cli.Connections;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Client;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Cli.Snapshots;

internal sealed class SaveSnapshotVerb : ClientVerb
{
    private readonly Argument<string> _file = new("FILE") { Description = "where the backup goes" };

    public SaveSnapshotVerb()
        : base("snapshot save", "Takes a backup of the running cluster through any replica, and verifies it. For admins of the registry.") =>
        Take(_file, CommonOptions.Yes);

    protected override async Task RunAsync(Call call, Connection registry)
    {
        using var file = NewFile.Begin(call, call.Get(_file));

        // One replica's own state may be behind; what was acknowledged before the call is in a backup only when the revision is reached.
        var revision = await registry.ReadRevisionAsync(call.Cancel);
        var (endPoint, sum, state) = await call.Terminal.WithProgressAsync(
            $"backup to {file.Path}", progress => SaveFromAnyAsync(registry, file.Content, revision, progress, call.Cancel));
        file.Keep();
        call.Show(new Fields
        {
            { "file", file.Path },
            { "endpoint", endPoint },
            { "cluster", state.ClusterId },
            { "index", state.AppliedIndex },
            { "term", state.AppliedTerm },
            { "revision", state.Revision },
            { "digest", state.Digest },
            { "size", new FileInfo(file.Path).Length },
            { "sha256", sum },
        });
    }

    private static async Task<(ReplicaEndPoint EndPoint, string Sum, MembershipState State)> SaveFromAnyAsync(
        Connection registry, Stream file, ulong revision, IProgress<double> progress, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await SaveAsync(registry, registry.EndPoints[i], file, revision, progress, cancel);
            }
            catch (Exception e) when (i < registry.EndPoints.Count - 1 && e is MembershipRequestException { MayRetry: true } or InvalidDataException)
            {
                // The next replica has one, too; what the last one says ends the run.
            }
        }
    }

    private static async Task<(ReplicaEndPoint EndPoint, string Sum, MembershipState State)> SaveAsync(
        Connection registry, ReplicaEndPoint endPoint, Stream file, ulong revision, IProgress<double> progress, CancellationToken cancel)
    {
        await using var client = registry.ClientOf(endPoint);
        (await client.ListNetworksAsync(new() { Limit = 1, Consistency = Protocol.Requests.Consistency.Stale, MinRevision = revision }, cancel)).Require();
        var sum = await new SnapshotDownload(client).ReadAsync(file, progress, cancel);
        file.Position = 0;
        try
        {
            return (endPoint, sum, SnapshotReader.Read(file));
        }
        catch (SnapshotFormatException e)
        {
            throw new InvalidDataException($"{endPoint} sent a snapshot that is none: {e.Message}", e);
        }
    }
}
