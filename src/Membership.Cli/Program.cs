using Membership.Cli.Running;

return (int)await CommandLine.RunAsync(args);
