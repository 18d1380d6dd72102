namespace ClusterTrail.History.Search;

/// <summary>A record that was looked for.</summary>
/// <param name="Line">As it is stored.</param>
/// <param name="Time">When it happened; of a record that does not tell, when its batch began.</param>
readonly record struct FoundRecord(byte[] Line, DateTimeOffset Time);
