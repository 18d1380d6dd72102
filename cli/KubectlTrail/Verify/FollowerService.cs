using System.Diagnostics.Metrics;
using ClusterTrail.History.Reading;
using ClusterTrail.Telemetry;
using ClusterTrail.Telemetry.Exposition;
using ClusterTrail.Verification.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The metrics and the health of a <see cref="Follower"/>, over HTTP.</summary>
sealed class FollowerService : IDisposable
{
    const int MostSeries = 200_000;

    readonly Meter meter = new("ClusterTrail.Verifier");
    readonly MetricsCollector collector;
    readonly Follower follower;
    readonly FollowerState state;

    internal FollowerService(Follower follower, FollowerState state)
    {
        (this.follower, this.state) = (follower, state);
        meter.CreateObservableGauge(
            "clustertrail.verified_until.timestamp_seconds", () => Times(state, node => node.VerifiedUntil), "s",
            "Up to when nothing of a node's archive was changed, removed or left out.");
        meter.CreateObservableGauge(
            "clustertrail.chain.last_digest.timestamp_seconds", () => Times(state, node => node.LastDigest), "s",
            "When the newest digest of a node was sealed.");
        meter.CreateObservableGauge(
            "clustertrail.verifier.last_round.timestamp_seconds", () => LastRound(), "s",
            "When the last round began in which the archive could be read.");
        meter.CreateObservableGauge(
            "clustertrail.verifier.nothing_found", () => state.IsNothingFound ? 1 : 0, null,
            "1 while there is no digest in the archive at all, so that nothing is proven.");
        meter.CreateObservableGauge(
            "clustertrail.verifier.heads_unreadable", () => follower.HeadsProblem is null ? 0 : 1, null,
            "1 while heads that are known from elsewhere, such as anchors, cannot be read, so that a cut-off end may not show.");
        meter.CreateObservableCounter(
            "clustertrail.verification.findings", () => Counts(state), "{finding}", "What was found in the archive, each finding once.");
        collector = new(meter, MostSeries);
    }

    /// <exception cref="TrailException">The address is wrong, or cannot be listened on.</exception>
    internal async Task<TelemetryServer> StartAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            return await TelemetryServer.StartAsync(
                address,
                new()
                {
                    Metrics = collector.WriteAsync,
                    // A store that is away is no reason to restart.
                    HealthProblems = () => [],
                    ReadinessProblems = () => [.. Problems()],
                },
                NullLogger.Instance, cancellationToken);
        }
        catch (TelemetryException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"--metrics: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    IEnumerable<string> Problems()
    {
        if (follower.Problem is { } problem)
            yield return problem;
        if (follower.HeadsProblem is { } heads)
            yield return heads;
        if (state.IsNothingFound)
            yield return "there is no digest in the archive, so nothing is proven";
    }

    IEnumerable<Measurement<double>> LastRound() =>
        follower.LastRound is { } time ? [new(time.ToUnixTimeMilliseconds() / 1000d)] : [];

    static IEnumerable<Measurement<double>> Times(FollowerState state, Func<FollowedNode, DateTimeOffset?> time) =>
        state.Nodes.Where(node => time(node) is not null).Select(
            node => new Measurement<double>(time(node)!.Value.ToUnixTimeMilliseconds() / 1000d, Labels(node.Node)));

    static IEnumerable<Measurement<long>> Counts(FollowerState state) =>
        state.Nodes.SelectMany(node => node.Findings.Select(
            one => new Measurement<long>(one.Value, [.. Labels(node.Node), new("kind", one.Key)])))
        .Concat(state.Archive.Select(
            one => new Measurement<long>(one.Value, [.. Labels(new("", "", "")), new("kind", one.Key)])));

    static KeyValuePair<string, object?>[] Labels(ArchiveNode node) =>
        [new("cluster", node.Cluster), new("trail", node.Trail), new("node", node.Node)];
}
