using System.Security.Cryptography;
using Membership.Mutations;

namespace Membership.Replication.Proposals;

/// <summary>
/// Request ids for callers that bring none: the replica is their client, and settles what it has answered. One client has a bounded number
/// of unsettled requests, so there are as many clients as are in use at one time.
/// </summary>
/// <remarks>Source: command specification, section 5. Thread-safe.</remarks>
internal sealed class OwnSessions
{
    // Below the state machine's bound of 1 024 unsettled outcomes in a session.
    private const int UnsettledMax = 1_000;

    private readonly Lock _sync = new();
    private readonly List<Lane> _lanes = [];

    /// <summary>Takes the next id. Its owner says <see cref="Request.Settle"/> once there will be no further attempt under it.</summary>
    public Request Begin()
    {
        lock (_sync)
        {
            foreach (var lane in _lanes)
            {
                if (lane.HasRoom) return lane.Begin(this);
            }

            var fresh = new Lane(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
            _lanes.Add(fresh);
            return fresh.Begin(this);
        }
    }

    /// <summary>Proposes under the next id, and settles it.</summary>
    public async Task<Outcome> ProposeAsync(Mutation mutation, Actor actor, Func<Proposal, Task<Outcome>> propose)
    {
        var request = Begin();
        try
        {
            // No fingerprint: these ids are never used for two contents.
            return await propose(new(request.Id, default, actor, mutation) { Settled = request.Settled });
        }
        finally
        {
            request.Settle();
        }
    }

    /// <summary>A request of ours.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Settled">What the client says is settled; null as long as nothing is.</param>
    public readonly record struct Request(RequestId Id, ulong? Settled)
    {
        private readonly OwnSessions _owner = null!;
        private readonly Lane _lane = null!;

        internal Request(OwnSessions owner, Lane lane, RequestId id, ulong? settled)
            : this(id, settled)
        {
            _owner = owner;
            _lane = lane;
        }

        /// <summary>The caller has its answer, or gave up.</summary>
        public void Settle()
        {
            lock (_owner._sync) _lane.Settle(Id.Sequence);
        }
    }

    /// <summary>One client: a window of sequences, those at its low end settled.</summary>
    internal sealed class Lane(ulong client)
    {
        private readonly bool[] _isDone = new bool[UnsettledMax];
        private ulong _settled;
        private ulong _last;

        public bool HasRoom => _last - _settled < UnsettledMax;

        public Request Begin(OwnSessions owner) =>
            new(owner, this, new RequestId(client, ++_last), _settled == 0 ? null : _settled);

        public void Settle(ulong sequence)
        {
            _isDone[sequence % UnsettledMax] = true;
            while (_settled < _last && _isDone[(_settled + 1) % UnsettledMax])
            {
                _settled++;
                _isDone[_settled % UnsettledMax] = false;
            }
        }
    }
}
