using System.Security.Cryptography;
using Membership.Registry;
using Membership.Replication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RegistryReplica;

/// <summary>Runs one replica until it is told to stop, or until it fails for good.</summary>
internal static class ReplicaProgram
{
    // EX_USAGE and EX_TEMPFAIL of sysexits.h: a supervisor restarts on the second and not on the first.
    private const int BadSettings = 64;
    private const int Failed = 75;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            using var plan = ReplicaPlan.Make(ReplicaSettings.Collect(args));
            using var host = Build(plan);

            // Before anything is started, so that what is wrong with the settings is told apart from what is wrong with the machine.
            _ = host.Services.GetRequiredService<IOptions<RegistryOptions>>().Value;
            return await RunAsync(host, host.Services.GetRequiredService<IOptions<MembershipReplicaOptions>>().Value, plan);
        }
        catch (Exception e) when (e is FormatException or OptionsValidationException or IOException or InvalidDataException
            or UnauthorizedAccessException or OverflowException or CryptographicException)
        {
            Console.Error.WriteLine(e.Message);
            return BadSettings;
        }
    }

    private static async Task<int> RunAsync(IHost host, MembershipReplicaOptions options, ReplicaPlan plan)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync();
            Console.WriteLine($"replica {options.ReplicaId} of cluster {options.ClusterId} is up, its data in {options.DataFolder}");
            if (plan.Telemetry.Metrics is { } metrics) Console.WriteLine($"figures are at http://{metrics}/metrics");
            if (plan.Page is { } page) Console.WriteLine($"the page is at http://127.0.0.1:{page.Port}/");
            await host.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is DataFolderException or ReplicaFaultException or IOException or Membership.UnsupportedFormatException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }

        var fault = host.Services.GetRequiredService<MembershipReplica>().Fault;
        if (!fault.IsCompleted) return 0;
        Console.Error.WriteLine($"replica stopped for good: {await fault}");
        return Failed;
    }

    private static IHost Build(ReplicaPlan plan)
    {
        if (plan.Telemetry.Metrics is not { } metrics)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new());
            AddTo(builder, plan);
            return builder.Build();
        }

        var web = WebApplication.CreateEmptyBuilder(new());
        AddTo(web, plan);
        web.Services.AddRouting();
        web.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(metrics));
        var application = web.Build();
        TelemetryPlan.Map(application);
        return application;
    }

    private static void AddTo(IHostApplicationBuilder builder, ReplicaPlan plan)
    {
        // What they say of servers and of a failed start is said here in fewer words.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        plan.AddTo(builder.Services);
    }
}
