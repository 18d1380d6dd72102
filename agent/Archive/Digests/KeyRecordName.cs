using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Archive.Digests;

/// <summary>The name of a key record in the archive, below the prefix.</summary>
public sealed partial record KeyRecordName
{
    /// <summary>How many hexadecimal digits of the key's id a name carries.</summary>
    public const int KeyIdDigits = 16;

    const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    public required string Cluster { get; init; }

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>When the key was enrolled or retired, to the millisecond.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Chain { get; init; }

    /// <summary>The first digits of the key's id.</summary>
    public required string KeyId { get; init; }

    /// <summary>The first 16 hexadecimal digits of the stored bytes' SHA-256.</summary>
    public required string Hash { get; init; }

    public override string ToString() =>
        $"keys/cluster={Cluster}/trail={Trail}/node={Node}/"
        + $"{Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{Chain}-{KeyId}-{Hash}.json";

    /// <summary>Reads an object's name; what stands before <c>keys/</c> is the prefix and does not matter.</summary>
    public static bool TryParse(string name, out KeyRecordName record)
    {
        record = null!;
        var match = Pattern().Match(name);
        if (!match.Success
            || !DateTimeOffset.TryParseExact(
                match.Groups["time"].ValueSpan, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return false;
        }

        record = new()
        {
            Cluster = match.Groups["cluster"].Value,
            Trail = match.Groups["trail"].Value,
            Node = match.Groups["node"].Value,
            Time = time,
            Chain = match.Groups["chain"].Value,
            KeyId = match.Groups["key"].Value,
            Hash = match.Groups["hash"].Value,
        };
        return true;
    }

    [GeneratedRegex(
        @"(^|/)keys/cluster=(?<cluster>[^/]+)/trail=(?<trail>[^/]+)/node=(?<node>[^/]+)/"
        + @"(?<time>[0-9]{8}T[0-9]{9}Z)-(?<chain>[a-z0-9-]+)-(?<key>[0-9a-f]{16})-(?<hash>[0-9a-f]{16})\.json\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
