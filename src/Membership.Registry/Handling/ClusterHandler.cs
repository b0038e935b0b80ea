using System.Collections.Immutable;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Replication;

namespace Membership.Registry.Handling;

/// <summary>Answers operators: how every replica is, and changes of the cluster, through whichever replica they ask.</summary>
/// <remarks>Thread-safe. It asks nobody for a credential.</remarks>
internal sealed class ClusterHandler(MembershipReplica replica)
{
    // A fresh replica has to catch up; a client waits a little longer than this.
    private static readonly TimeSpan ChangeMax = TimeSpan.FromMinutes(2);

    /// <summary>Writes the answer.</summary>
    /// <exception cref="ReplicaUnavailableException">No leader could be asked.</exception>
    public async Task HandleAsync(Request request, AnswerWriter writer, CancellationToken token)
    {
        if (request.Command is ClusterStatus)
        {
            writer.WriteCluster(request, replica.Status.Revision, [.. (await replica.ClusterStatusAsync(token)).Select(ToAnswer)]);
            return;
        }

        if (AddressFaultOf(request.Command) is { } field)
        {
            writer.WriteError(new(Code.InvalidArgument) { Field = field });
            return;
        }

        await ChangeAsync(request, writer, token);
    }

    private async Task ChangeAsync(Request request, AnswerWriter writer, CancellationToken token)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        end.CancelAfter(ChangeMax);
        try
        {
            await (request.Command switch
            {
                ClusterAdd add => replica.AddReplicaAsync(AddressOf(add), end.Token),
                ClusterRemove remove => replica.RemoveReplicaAsync(remove.Replica, end.Token),
                ClusterTransfer transfer => replica.TransferLeadershipAsync(transfer.Replica, end.Token),
                _ => throw new ArgumentException($"{request.Type} is no change of the cluster.", nameof(request)),
            });
            writer.WriteDone(request, replica.Status.Revision);
        }
        catch (ClusterChangeException e)
        {
            writer.WriteError(new(e.Code));
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            writer.WriteError(new(Code.OutcomeUnknown));
        }
    }

    private static ReplicaAddress AddressOf(ClusterAdd add) => new(
        add.Replica, ReplicaAddress.TryParseEndPoint(add.RaftAddress)!, ReplicaAddress.TryParseEndPoint(add.PeerAddress)!);

    private static string? AddressFaultOf(Command command) => command switch
    {
        ClusterAdd add when !State.MembershipState.IsClusterId(add.Replica) => "replica",
        ClusterAdd add when ReplicaAddress.TryParseEndPoint(add.RaftAddress) is null => "raft_address",
        ClusterAdd add when ReplicaAddress.TryParseEndPoint(add.PeerAddress) is null => "peer_address",
        _ => null,
    };

    private static ReplicaAnswer ToAnswer(ReplicaReport report) => new()
    {
        Replica = report.Address.Id,
        RaftAddress = report.Address.RaftAddress,
        PeerAddress = report.Address.PeerAddress,
        Role = report.Role.ToString().ToLowerInvariant(),
        Progress = report.Digest is not { } digest ? null : new()
        {
            Term = report.Term,
            CommitIndex = report.CommitIndex,
            AppliedIndex = report.AppliedIndex,
            Lag = report.Lag,
            Revision = report.Revision,
            Digest = digest.ToString(),
            SnapshotIndex = report.SnapshotIndex,
            Version = report.StateVersion,
        },
        Health = report.Health,
    };
}
