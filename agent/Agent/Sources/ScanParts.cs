namespace ClusterTrail.Agent.Sources;

/// <summary>What a scan works with.</summary>
sealed record ScanParts(
    Contents Contents, FileLedger Ledger, Sightings Sightings, List<FollowedFile> Open, ContentFinder Finder, Continuity Continuity,
    Forks Forks);
