using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sources;

/// <summary>The name of a rotated sibling, by lumberjack (audit-2006-01-02T15-04-05.000.log) or logrotate (audit.log.1, audit.log-20060102), perhaps with .gz.</summary>
sealed partial record RotatedName(string Name, long Age) : IComparable<RotatedName>
{
    public bool IsGzip => Name.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>Reads a name; null when it is not one of a sibling of the live file.</summary>
    public static RotatedName? Parse(string name, string liveName)
    {
        var plain = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        var extension = Path.GetExtension(liveName);
        var stem = liveName[..^extension.Length] + "-";
        if (plain.StartsWith(stem, StringComparison.Ordinal) && plain.EndsWith(extension, StringComparison.Ordinal)
            && plain.Length > stem.Length + extension.Length
            && DateTime.TryParseExact(
                plain.AsSpan(stem.Length, plain.Length - stem.Length - extension.Length), "yyyy-MM-ddTHH-mm-ss.fff", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var rotated))
        {
            return new(name, -rotated.Ticks);
        }

        return plain.StartsWith(liveName, StringComparison.Ordinal) ? ParseLogrotate(name, plain[liveName.Length..]) : null;
    }

    public int CompareTo(RotatedName? other) => other is null ? 1 : (-Age, Name).CompareTo((-other.Age, other.Name));

    static RotatedName? ParseLogrotate(string name, string suffix)
    {
        var match = Suffix().Match(suffix);
        if (!match.Success)
        {
            return null;
        }

        var number = long.Parse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        // audit.log.2 is older than audit.log.1; audit.log-20060102 is older than audit.log-20060103.
        return new(name, suffix[0] == '.' ? number : -number);
    }

    [GeneratedRegex(@"^(\.(?<number>\d{1,6})|-(?<number>\d{8,18}))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();
}
