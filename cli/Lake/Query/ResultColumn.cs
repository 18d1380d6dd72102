namespace ClusterTrail.Lake.Query;

/// <summary>A column of a result.</summary>
/// <param name="Name">As the statement calls it.</param>
/// <param name="Type">As SQL writes it, such as <c>VARCHAR[]</c>.</param>
sealed record ResultColumn(string Name, string Type)
{
    /// <summary>Whether its texts are JSON.</summary>
    internal bool IsJson => Type == "JSON";

    /// <summary>Whether its times are points in time. DuckDB calls the type so, and its library otherwise.</summary>
    internal bool IsInUtc => Type is "TIMESTAMP WITH TIME ZONE" or "TimestampTz";
}
