namespace ClusterTrail.Benchmarks;

/// <summary>What a part of an agent adds.</summary>
/// <param name="Whole">From start to end.</param>
/// <param name="Later">In the second half of the log.</param>
sealed record AddedCpu(Added Whole, Added Later);

/// <summary>Medians of several turns.</summary>
/// <param name="Without">CPU seconds per gigabyte of an agent without the part.</param>
/// <param name="Percent">What it takes more with the part; below zero if that is less than chance.</param>
readonly record struct Added(double Without, double Percent);
