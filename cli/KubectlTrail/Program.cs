using ClusterTrail.Kubectl;

return await TrailCommand.RunAsync(args, Terminal.OfThisProcess(), CancellationToken.None);
