namespace ClusterTrail.Agent.Files;

/// <summary>Which content of a file is active.</summary>
/// <param name="Hash">The SHA-256 of the content, or <c>none</c> without a file.</param>
/// <param name="LastError">Why the newest content was rejected; null if it is the active one.</param>
sealed record ActiveFile(string Hash, DateTimeOffset LoadedAt, string? LastError);
