using ClusterTrail.Kubectl;
using ClusterTrail.Kubectl.Shared;

using var interruption = new Interruption();
return await interruption.RunAsync(cancellationToken => TrailCommand.RunAsync(args, Terminal.OfThisProcess(), cancellationToken));
