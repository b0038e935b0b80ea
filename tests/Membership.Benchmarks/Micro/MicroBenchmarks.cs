using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Micro;

/// <summary>The steps of a mutation and of a snapshot, one by one.</summary>
internal static class MicroBenchmarks
{
    public static int Run(Options options)
    {
        var rounds = options.Rounds(full: 15, quick: 3);
        // In this process: a million memberships are made once for each benchmark and not for each of its processes.
        var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithLaunchCount(1).WithWarmupCount(3).WithIterationCount(rounds);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "membership-micro"))
            .WithOptions(ConfigOptions.DisableLogFile);
        BenchmarkRunner.Run<FormatBenchmarks>(config);
        BenchmarkRunner.Run<ApplyBenchmarks>(config);
        BenchmarkRunner.Run<SnapshotBenchmarks>(config);
        return 0;
    }
}
