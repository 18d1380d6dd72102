namespace ClusterTrail.WebConsole.Queries;

/// <summary>What an address says of a record.</summary>
/// <param name="Id">Its id; null if the address does not say.</param>
/// <param name="Trail">Its Trail.</param>
/// <param name="Time">Its very time.</param>
/// <param name="Near">A time near which it is looked for first; if it is not there, it is looked for everywhere.</param>
sealed record RecordAddress(string? Id, string? Trail, DateTime? Time, DateTime? Near);
