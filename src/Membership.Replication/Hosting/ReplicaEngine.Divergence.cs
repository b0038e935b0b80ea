using Membership.Replication.Divergence;
using Membership.Replication.Leadership;
using Membership.Replication.Snapshots;
using Membership.State;

namespace Membership.Replication.Hosting;

// Whether the state may be believed, and where another one comes from.
internal sealed partial class ReplicaEngine
{
    /// <summary>Keeps a state that is in doubt from being served.</summary>
    public Fence Fence { get; }

    /// <summary>Compares the state with the leader's.</summary>
    public Checkpoints Checkpoints { get; private set; } = null!;

    /// <summary>A snapshot of the state that is not older than this index, for a peer whose own is lost; null for none.</summary>
    public async ValueTask<SnapshotPointer?> OfferSnapshotAsync(long index, CancellationToken token)
    {
        if (Fence.IsUp || Store.AppliedIndex < Math.Max(index, 1)) return null;
        var file = Snapshots.Newest is { } newest && newest.Index >= index ? newest : await Snapshots.WriteAsync(Store.Current, token);
        Snapshots.Has(file.Hash);
        return SnapshotPointer.To(file, _sender);
    }

    /// <summary>Networks without rules and expression policy.</summary>
    public PlainNetworks PlainNetworks { get; } = new();

    private void OnApplied(AppliedEntry applied)
    {
        PlainNetworks.OnApplied(applied.Events, Store.Revision);
        Events.Append(applied.Events, Store.Revision);
        _meter.Applied.OnApplied(Store.AppliedIndex, applied);
        _applied(applied);
    }

    // In a turn at the fence. Nothing that is known of the former state says anything about this one.
    private void ReplaceState(MembershipState state)
    {
        Store.ReplaceState(state);
        Checkpoints.Forget();
        PlainNetworks.Forget();
        Events.Restart(state.Revision);
    }

    private SnapshotLoad LoadSnapshot()
    {
        try
        {
            return Snapshots.LoadNewest();
        }
        catch (UnsupportedFormatException e)
        {
            Fault.Raise(new(ReplicaFaultKind.UnsupportedFormat, e.Message, e));
            throw;
        }
    }

    private async Task<bool> MayLeadAsync(EpochClock clock, CancellationToken token)
    {
        if (!Fence.PassesOver) return await _clock.MayLeadAsync(clock, token);
        await _candidacy.RefuseAsync(CandidacyBar.Divergence, token);
        return false;
    }

    private DivergenceWatch NewDivergenceWatch()
    {
        var rebuild = new StateRebuild(
            Store, _log, Snapshots, Keeper, _snapshotTransfer, _peers, Fence, ReplaceState, _folder.EvidencePath, Fault, _logger);
        return new(_cluster, _peers, Fence, Checkpoints, rebuild, _candidacy, IsVoter);
    }
}
