using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent;

/// <summary>Opens what a source reads of a cloud.</summary>
static class CloudFeeds
{
    /// <returns>Null for a source of another type.</returns>
    /// <exception cref="Contract.Reading.ConfigurationException">It cannot be used.</exception>
    public static ICloudFeed? Open(
        SourceConfiguration source, SourceContext context, (string Folder, Action EnsureHeld) state, WatchedFiles files,
        FeedInstruments instruments) =>
        source.Bucket is { } bucket ? new BucketSource(context, bucket, state, () => files.Configuration.Logging, instruments)
        : source.EventHubs is { } hub ? new EventHubsSource(context, hub, state, () => files.Configuration.Logging, instruments)
        : null;
}
