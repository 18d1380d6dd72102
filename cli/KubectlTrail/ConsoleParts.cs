using System.CommandLine;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubectl.Status;
using ClusterTrail.Kubectl.WebConsole;
using ClusterTrail.Trails.Api;
using ClusterTrail.Verification;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.Kubectl;

/// <summary>Gives the console what <c>verify</c> and <c>status</c> know, as no command uses another.</summary>
sealed class ConsoleParts : IConsoleParts
{
    internal static ConsoleParts OfCommands() => new();

    public Func<IVerificationProgress, Task<VerificationResult>>? Verification(
        ConsoleRequest request, CancellationToken cancellationToken)
    {
        if (request.Keys.Count + request.AgentKeys.Count == 0)
            return null;
        var keys = VerifyInput.Keys(request.Keys, request.AgentKeys);
        var store = ArchiveRoot.Open(request.Location, request.S3);
        var options = new VerificationOptions(request.Scope, keys, [], TimeProvider.System.GetUtcNow());
        return progress => new Verifier(store, options, progress).VerifyAsync(cancellationToken);
    }

    public async Task<TrailsStatus> TrailsAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        using var cluster = new ClusterReader(ClusterOption.Find(arguments));
        var trails = await cluster.ListAsync<Trail>(null, new(problems.Add), cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        return new(cluster.Name, [.. trails.Select(trail => Line(TrailTree.Of(trail, now)))], problems);
    }

    static StatusLine Line(Branch branch) => new(branch.Text, [.. branch.Branches.Select(Line)]);
}
