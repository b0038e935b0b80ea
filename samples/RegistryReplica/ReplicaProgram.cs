using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Membership.Replication;
using Microsoft.Extensions.Logging;

namespace RegistryReplica;

/// <summary>Runs one replica until it is told to stop, or until it fails for good.</summary>
internal static class ReplicaProgram
{
    // EX_USAGE and EX_TEMPFAIL of sysexits.h: a supervisor restarts on the second and not on the first.
    private const int BadSettings = 64;
    private const int Failed = 75;

    public static async Task<int> RunAsync(string[] args)
    {
        ReplicaPlan plan;
        try
        {
            plan = ReplicaPlan.Make(ReplicaSettings.Collect(args));
        }
        catch (Exception e) when (e is FormatException or IOException or InvalidDataException or UnauthorizedAccessException or OverflowException or CryptographicException)
        {
            Console.Error.WriteLine(e.Message);
            return BadSettings;
        }

        using var ofPlan = plan;
        using var logging = LoggerFactory.Create(log => log.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        }));
        return await RunAsync(plan, logging);
    }

    private static async Task<int> RunAsync(ReplicaPlan plan, ILoggerFactory logging)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        try
        {
            await using var replica = new MembershipReplica(plan.Replica, logging);
            await replica.StartAsync(stop.Token);
            Console.WriteLine($"replica {plan.Replica.ReplicaId} of cluster {plan.Replica.ClusterId} is up, its data in {plan.Replica.DataFolder}");
            await using var server = plan.MakeServer(replica, logging);
            if (server is not null)
            {
                await server.StartAsync(stop.Token);
                Console.WriteLine($"clients are served on {server.EndPoint}");
            }

            return await EndAsync(replica, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            return BadSettings;
        }
        catch (Exception e) when (e is DataFolderException or IOException or Membership.UnsupportedFormatException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
    }

    private static async Task<int> EndAsync(MembershipReplica replica, CancellationToken stop)
    {
        var told = Task.Delay(Timeout.Infinite, stop);
        if (await Task.WhenAny(replica.Fault, told) == told) return 0;
        var fault = await replica.Fault;
        Console.Error.WriteLine($"replica stopped for good: {fault}");
        return Failed;
    }
}
