using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Replication.Hosting;

/// <summary>
/// Networks that are known to have neither rules nor an expression policy. Most have none, and who joins one can be answered without a look
/// at a state, which would make applying dearer for a while.
/// </summary>
/// <remarks>
/// What is not known costs one look, see <see cref="Learn"/>. Forgotten is whatever an event may have changed. Thread-safe, except that
/// <see cref="OnApplied"/> and <see cref="Forget"/> are for the applying thread.
/// </remarks>
internal sealed class PlainNetworks
{
    private const int BitsPerWord = 64;
    private readonly Lock _sync = new();
    private readonly ulong[] _plain = new ulong[(ushort.MaxValue + 1) / BitsPerWord];
    private ulong _revision;
    private long _changes;

    /// <summary>To be taken before the state from which something is learned.</summary>
    public long Mark => Interlocked.Read(ref _changes);

    /// <summary>Whether the network is known to have neither, by a state that is not older than this revision.</summary>
    public bool Contains(NetworkId network, ulong revision)
    {
        // The revision first: what changed up to it is forgotten by then.
        if (Volatile.Read(ref _revision) < revision) return false;
        return (Volatile.Read(ref _plain[network.Value / BitsPerWord]) & BitOf(network)) != 0;
    }

    /// <summary>A state, taken after this mark, says that the network has neither.</summary>
    public void Learn(NetworkId network, long mark)
    {
        lock (_sync)
        {
            if (_changes == mark) _plain[network.Value / BitsPerWord] |= BitOf(network);
        }
    }

    /// <summary>An entry was applied. To be called before anybody hears of its outcomes.</summary>
    public void OnApplied(ImmutableArray<AppliedEvent> events, ulong revision)
    {
        foreach (var applied in events)
        {
            var changed = applied.Event switch
            {
                NetworkCreated x => x.Network,
                NetworkDeleted x => x.Network,
                ExprPolicySet x => x.Network,
                _ => NetworkId.Backbone,
            };
            if (changed.IsBackbone) continue;
            lock (_sync)
            {
                _changes++;
                _plain[changed.Value / BitsPerWord] &= ~BitOf(changed);
            }
        }

        Volatile.Write(ref _revision, revision);
    }

    /// <summary>The state is another one.</summary>
    public void Forget()
    {
        lock (_sync)
        {
            _changes++;
            Array.Clear(_plain);
        }
    }

    private static ulong BitOf(NetworkId network) => 1UL << (network.Value % BitsPerWord);
}
