using ThreeNodeCluster;

if (Arguments.Parse(args) is not { } arguments) return 2;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
return await Play.RunAsync(arguments, stop.Token);
