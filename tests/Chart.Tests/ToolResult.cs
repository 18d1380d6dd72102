namespace ClusterTrail.Chart.Tests;

/// <summary>What a program said and how it ended.</summary>
sealed record ToolResult(int ExitCode, string Output, string Error);
