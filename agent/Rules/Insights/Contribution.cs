namespace ClusterTrail.Rules.Insights;

/// <summary>Who or what has a share in a stretch, and how many of its events; too high by what others had, if there are many.</summary>
readonly record struct Contribution(string Name, long Events);
