namespace ClusterTrail.Agent.Sources;

/// <summary>The name of a file beside the log, and what it says.</summary>
/// <param name="Name">The name without its folder.</param>
/// <param name="Grade">How surely it is a rotated file of the log.</param>
/// <param name="Number">In logrotate's numbering; 1 is the youngest.</param>
/// <param name="Time">For ordering: time zones are not looked at.</param>
/// <param name="RotatedAt">When lumberjack renamed the file, which it does to write the first event of the next one.</param>
sealed record SiblingName(string Name, NameGrade Grade, long? Number = null, DateTime? Time = null, DateTimeOffset? RotatedAt = null)
{
    static readonly string[] Compressions = [".gz", ".zst", ".zstd", ".xz", ".bz2", ".lz4", ".lzma", ".Z", ".zip"];

    /// <summary>The name without the ending of a compression.</summary>
    public static string PlainOf(string name) =>
        Array.Find(Compressions, ending => name.EndsWith(ending, StringComparison.Ordinal)) is { } ending ? name[..^ending.Length] : name;
}
