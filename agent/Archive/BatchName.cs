using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Archive;

/// <summary>The name of a sealed batch in the archive, below the prefix.</summary>
/// <remarks>
/// The date and time are those of the batch's first event and the hash is that of the stored bytes: a name never depends
/// on when it was uploaded, and two different batches never share one.
/// </remarks>
public sealed partial record BatchName(
    string Cluster, string Trail, DateTimeOffset FirstEvent, string Node, string Source, long Sequence, string Hash, bool Encrypted)
{
    /// <summary>How many hexadecimal digits of the stored bytes' SHA-256 a name carries.</summary>
    public const int HashDigits = 16;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"events/cluster={Cluster}/trail={Trail}/date={FirstEvent.UtcDateTime:yyyy-MM-dd}/node={Node}/{FirstEvent.UtcDateTime:HHmmssfff}-{Source}-{Sequence:D8}-{Hash}.ndjson.gz{(Encrypted ? ".cms" : "")}");

    /// <summary>Reads an object's name; what stands before <c>events/</c> is the prefix and does not matter.</summary>
    public static bool TryParse(string name, out BatchName batch)
    {
        batch = null!;
        var match = Pattern().Match(name);
        if (!match.Success
            || !DateTimeOffset.TryParseExact(
                match.Groups["date"].Value + match.Groups["time"].Value, "yyyy-MM-ddHHmmssfff", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var firstEvent)
            || !long.TryParse(match.Groups["sequence"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        string Part(string group) => match.Groups[group].Value;
        batch = new(
            Part("cluster"), Part("trail"), firstEvent, Part("node"), Part("source"), sequence, Part("hash"), match.Groups["cms"].Success);
        return true;
    }

    [GeneratedRegex(
        @"(^|/)events/cluster=(?<cluster>[^/]+)/trail=(?<trail>[^/]+)/date=(?<date>\d{4}-\d\d-\d\d)/node=(?<node>[^/]+)/"
        + @"(?<time>\d{9})-(?<source>[^/]+)-(?<sequence>\d{8,})-(?<hash>[0-9a-f]{16})\.ndjson\.gz(?<cms>\.cms)?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
