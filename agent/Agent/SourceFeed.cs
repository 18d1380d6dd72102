using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent;

/// <summary>What a source reads, and how it is opened.</summary>
/// <param name="Path">For people.</param>
/// <param name="PollInterval">How often it is looked at when there is nothing to read.</param>
/// <param name="Open">Opens it where it was read to.</param>
sealed record SourceFeed(string Path, TimeSpan PollInterval, Func<SourceProgress?, FollowerReport, ISource> Open)
{
    /// <summary>The same, with something between it and its reader.</summary>
    public SourceFeed Through(Func<ISource, ISource> wrap) => this with { Open = (progress, report) => wrap(Open(progress, report)) };

    /// <param name="lines">Where what is remembered of its lines lies.</param>
    public static SourceFeed Of(LogFileConfiguration file, ILineStore lines, TimeProvider time) => new(
        file.Path, TimeSpan.FromMilliseconds(file.PollIntervalMilliseconds),
        (progress, report) => new LogFollower(new DiskLogFiles(file), lines, file, progress, report, time));
}
