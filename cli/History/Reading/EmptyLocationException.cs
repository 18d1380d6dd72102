namespace ClusterTrail.History.Reading;

/// <summary>A location exists, and has nothing of an archive.</summary>
sealed class EmptyLocationException(string location)
    : TrailException(ExitCode.BadUsage, $"No object of an archive was found below {location}.");
