using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Archive;

/// <summary>The name of a sealed batch in the archive, below the prefix.</summary>
/// <remarks>
/// The date and time are those of the batch's first event and the hash is that of the stored bytes: a name never depends
/// on when it was uploaded, and two different batches never share one.
/// </remarks>
public sealed partial record BatchName
{
    /// <summary>How many hexadecimal digits of the stored bytes' SHA-256 a name carries.</summary>
    public const int HashDigits = 16;

    /// <summary>What the name of an encrypted batch ends with, behind its codec's ending.</summary>
    public const string EncryptedEnding = ".cms";

    public required string Cluster { get; init; }

    public required string Trail { get; init; }

    public required DateTimeOffset FirstEvent { get; init; }

    public required string Node { get; init; }

    public required string Source { get; init; }

    /// <summary>The batch's number among its source's.</summary>
    public required long Sequence { get; init; }

    public required string Hash { get; init; }

    public required Codec Codec { get; init; }

    public required bool Encrypted { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"events/cluster={Cluster}/trail={Trail}/date={FirstEvent.UtcDateTime:yyyy-MM-dd}/node={Node}/"
        + $"{FirstEvent.UtcDateTime:HHmmssfff}-{Source}-{Sequence:D8}-{Hash}{Codec.Ending()}{(Encrypted ? EncryptedEnding : "")}");

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
        batch = new()
        {
            Cluster = Part("cluster"),
            Trail = Part("trail"),
            FirstEvent = firstEvent,
            Node = Part("node"),
            Source = Part("source"),
            Sequence = sequence,
            Hash = Part("hash"),
            Codec = match.Groups["codec"].ValueSpan is "gz" ? Codec.Gzip : Codec.Zstd,
            Encrypted = match.Groups["cms"].Success,
        };
        return true;
    }

    [GeneratedRegex(
        @"(^|/)events/cluster=(?<cluster>[^/]+)/trail=(?<trail>[^/]+)/date=(?<date>\d{4}-\d\d-\d\d)/node=(?<node>[^/]+)/"
        + @"(?<time>\d{9})-(?<source>[^/]+)-(?<sequence>\d{8,})-(?<hash>[0-9a-f]{16})\.ndjson\.(?<codec>zst|gz)(?<cms>\.cms)?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
