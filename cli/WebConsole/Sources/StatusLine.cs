namespace ClusterTrail.WebConsole.Sources;

/// <summary>A line of a status, and what belongs to it.</summary>
sealed record StatusLine(string Text, IReadOnlyList<StatusLine> Lines);
