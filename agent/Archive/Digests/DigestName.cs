using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Archive.Digests;

/// <summary>The name of a digest in the archive, below the prefix.</summary>
public sealed partial record DigestName
{
    public required string Cluster { get; init; }

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>When it was sealed, to the millisecond.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    public required string Chain { get; init; }

    /// <summary>The digest's number in its chain.</summary>
    public required long Sequence { get; init; }

    /// <summary>The first 16 hexadecimal digits of the stored bytes' SHA-256.</summary>
    public required string Hash { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"digests/cluster={Cluster}/trail={Trail}/date={SealedAt.UtcDateTime:yyyy-MM-dd}/node={Node}/"
        + $"{SealedAt.UtcDateTime:HHmmssfff}-{Chain}-{Sequence:D8}-{Hash}.json");

    /// <summary>Reads an object's name; what stands before <c>digests/</c> is the prefix and does not matter.</summary>
    public static bool TryParse(string name, out DigestName digest)
    {
        digest = null!;
        var match = Pattern().Match(name);
        if (!match.Success
            || !DateTimeOffset.TryParseExact(
                match.Groups["date"].Value + match.Groups["time"].Value, "yyyy-MM-ddHHmmssfff", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var sealedAt)
            || !long.TryParse(match.Groups["sequence"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        digest = new()
        {
            Cluster = match.Groups["cluster"].Value,
            Trail = match.Groups["trail"].Value,
            Node = match.Groups["node"].Value,
            SealedAt = sealedAt,
            Chain = match.Groups["chain"].Value,
            Sequence = sequence,
            Hash = match.Groups["hash"].Value,
        };
        return true;
    }

    [GeneratedRegex(
        @"(^|/)digests/cluster=(?<cluster>[^/]+)/trail=(?<trail>[^/]+)/date=(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})/node=(?<node>[^/]+)/"
        + @"(?<time>[0-9]{9})-(?<chain>[a-z0-9-]+)-(?<sequence>[0-9]{8,})-(?<hash>[0-9a-f]{16})\.json\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
