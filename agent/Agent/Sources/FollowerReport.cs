namespace ClusterTrail.Agent.Sources;

/// <summary>What a follower calls for what people should know at once.</summary>
/// <param name="GapFound">A stretch of the log is lost.</param>
/// <param name="ReadFailed">A file, or the folder, could not be read.</param>
/// <param name="Unread">A file lies beside the log and is not read; said once for each.</param>
sealed record FollowerReport(Action<Gap> GapFound, Action<string> ReadFailed, Action<string> Unread);
