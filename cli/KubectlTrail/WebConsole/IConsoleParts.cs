using System.CommandLine;
using ClusterTrail.Verification;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.Kubectl.WebConsole;

/// <summary>What the console shows that other commands know.</summary>
interface IConsoleParts
{
    /// <summary>Verifies the archive; null if no keys were given. What is wrong with the keys is said at once.</summary>
    Func<IVerificationProgress, Task<VerificationResult>>? Verification(ConsoleRequest request, CancellationToken cancellationToken);

    /// <summary>Asks the cluster of a command line how its Trails are.</summary>
    Task<TrailsStatus> TrailsAsync(ParseResult arguments, CancellationToken cancellationToken);
}
