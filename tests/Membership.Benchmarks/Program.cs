using Membership.Benchmarks.Cluster;
using Membership.Benchmarks.Core;
using Membership.Benchmarks.Machine;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Micro;
using Membership.Benchmarks.Peers;
using Membership.Benchmarks.Peers.Etcd;
using Membership.Benchmarks.Recovery;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;
using Membership.Benchmarks.Signed;

var (name, rest) = args is [var first, .. var others] ? (first, others) : ("", []);
try
{
    return name switch
    {
        "cluster" => await ClusterBenchmark.RunAsync(Options.Parse(rest)),
        "signed" => await SignedBenchmark.RunAsync(Options.Parse(rest)),
        "limits" => await LimitsBenchmark.RunAsync(Options.Parse(rest)),
        "peers" => await PeersBenchmark.RunAsync(Options.Parse(rest)),
        "scale" => ScaleBenchmark.Run(Options.Parse(rest).IsQuick),
        "apply" => ApplyBenchmark.Run(Options.Parse(rest)),
        "bytes" => BytesBenchmark.Run(),
        "pause" => PauseBenchmark.Run(Options.Parse(rest)),
        "micro" => MicroBenchmarks.Run(Options.Parse(rest)),
        "restart" => await RestartBenchmark.RunAsync(Options.Parse(rest)),
        "failover" => await FailoverBenchmark.RunAsync(Options.Parse(rest)),
        "picture" => ThroughputPicture.Run(rest),

        // Processes that the benchmarks start.
        ReplicaProcess.Mode => await ReplicaProcess.RunAsync(rest[0]),
        LoadProcess.Mode => await LoadProcess.RunAsync(),
        BareRaftProcess.Mode => await BareRaftProcess.RunAsync(rest[0]),
        LoopbackLimit.Mode => await LoopbackLimit.EchoAsync(),
        EtcdLoad.Mode => await EtcdLoad.RunAsync(),
        _ => Usage(),
    };
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return Usage();
}

static int Usage()
{
    Console.Error.WriteLine($"""
        usage: dotnet run -c Release --project tests/Membership.Benchmarks -- <benchmark> [options]

          cluster   three replicas under clients, in the leader's process and through the wire, and etcd where it is installed
          signed    signed mutations through the wire, against bare signature checks
          limits    what disk, loopback and the Raft package allow
          peers     etcd beside us: ratios (needs etcd in the path)
          scale     time of an applied mutation as the state grows
          apply     mutations applied in a second of one core, at a million memberships
          bytes     heap a membership
          micro     apply, encode, decode, snapshot write and restore, by BenchmarkDotNet
          pause     how long a snapshot of a million memberships holds the apply up
          restart   how long a replica with a million memberships takes to serve again
          failover  how long nothing is acknowledged when the leader is killed, or cut off
          picture   FILE.json OUT.svg: throughput and latency over clients, from what `cluster --json FILE.json` wrote

        {Options.Usage}
        """);
    return 2;
}
