using ClusterTrail.Kubectl;
using ClusterTrail.Kubectl.Shared;

return await TrailCommand.RunAsync(args, Terminal.OfThisProcess(), CancellationToken.None);
