using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Membership.Cluster.Tests;

internal static class TestProcess
{
    // Several nodes share this process, and held disks block threads: without spare ones, the pool itself would be the fault.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly is its own application.")]
    internal static void KeepSpareThreads() => ThreadPool.SetMinThreads(32, 32);
}
