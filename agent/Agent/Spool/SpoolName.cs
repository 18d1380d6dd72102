using System.Globalization;

namespace ClusterTrail.Agent.Spool;

/// <summary>
/// A spooled batch's file name, which says all that ordering needs: <c>apiserver-0000000007.20260301T120000123Z.batch</c>.
/// </summary>
static class SpoolName
{
    public const string Extension = ".batch";

    const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <param name="sealedAt">Null: as an older agent named it.</param>
    public static string Of(string source, long sequence, DateTimeOffset? sealedAt)
    {
        var time = sealedAt is { } at ? "." + at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{source}-{sequence:D10}{time}{Extension}");
    }

    /// <param name="sealedAt">Null for a file of an older agent, which names no time.</param>
    public static bool TryParse(ReadOnlySpan<char> name, out ReadOnlySpan<char> source, out long sequence, out DateTimeOffset? sealedAt)
    {
        sealedAt = null;
        var stem = name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length] : [];
        if (stem.IndexOf('.') is >= 0 and var dot)
        {
            var time = stem[(dot + 1)..];
            if (!DateTimeOffset.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                source = [];
                sequence = 0;
                return false;
            }

            sealedAt = at;
            stem = stem[..dot];
        }

        var dash = stem.LastIndexOf('-');
        source = dash > 0 ? stem[..dash] : [];
        return long.TryParse(stem[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out sequence) && !source.IsEmpty;
    }

    /// <summary>The source in a file's name, whatever else is wrong with it; empty when it has none.</summary>
    public static string SourceOf(string path)
    {
        var stem = Path.GetFileName(path).Split('.')[0];
        return stem[..Math.Max(0, stem.LastIndexOf('-'))];
    }
}
