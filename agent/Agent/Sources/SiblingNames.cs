using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which names rotated files of a log have.</summary>
/// <remarks>
/// By lumberjack: audit-2006-01-02T15-04-05.000.log. By logrotate: audit.log.1, audit.1.log, audit.log-20060102, audit-20060102.log, with
/// dashes, an hour, seconds since 1970 or a time zone. Each perhaps with the ending of a compression.
/// </remarks>
sealed partial class SiblingNames(string liveName, string? pattern)
{
    const string LumberjackTime = "yyyy-MM-ddTHH-mm-ss.fff";

    readonly string extension = Path.GetExtension(liveName);
    readonly string stem = Path.GetFileNameWithoutExtension(liveName);

    /// <summary>Reads a name; null when it has nothing to do with the log.</summary>
    public SiblingName? Parse(string name)
    {
        if (name == liveName)
        {
            return null;
        }

        var plain = SiblingName.PlainOf(name);
        if (pattern is not null)
        {
            return Matches(name) || Matches(plain)
                ? Timed(name, Between(plain) ?? After(plain) ?? "") ?? new(name, NameGrade.Certain)
                : null;
        }

        if (Between(plain) is { } middle)
        {
            return Timed(name, middle) ?? new(name, char.IsAsciiDigit(middle[0]) ? NameGrade.Possible : NameGrade.Foreign);
        }

        // Without an extension everything that begins so would be a sibling: "audit" is not the live name of "audit.log".
        return After(plain) is { } suffix
            ? Timed(name, suffix)
                ?? new(name, extension.Length > 0 || char.IsAsciiDigit(suffix[0]) ? NameGrade.Possible : NameGrade.Foreign)
            : null;
    }

    // Whoever names plain files means their compressions too.
    bool Matches(string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    // audit-MIDDLE.log
    string? Between(string plain) =>
        extension.Length > 0 && plain.StartsWith(stem, StringComparison.Ordinal) && plain.EndsWith(extension, StringComparison.Ordinal)
        && plain.Length > stem.Length + 1 + extension.Length && IsSeparator(plain[stem.Length])
            ? plain[(stem.Length + 1)..^extension.Length]
            : null;

    // audit.log-SUFFIX
    string? After(string plain) =>
        plain.StartsWith(liveName, StringComparison.Ordinal) && plain.Length > liveName.Length + 1 && IsSeparator(plain[liveName.Length])
            ? plain[(liveName.Length + 1)..]
            : null;

    static bool IsSeparator(char character) => character is '.' or '-' or '_';

    static SiblingName? Timed(string name, string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, LumberjackTime, CultureInfo.InvariantCulture, Utc, out var rotated))
        {
            return new(name, NameGrade.Certain, Time: rotated.UtcDateTime, RotatedAt: rotated);
        }

        if (OrderNumber().IsMatch(text))
        {
            return new(name, NameGrade.Certain, Number: long.Parse(text, CultureInfo.InvariantCulture));
        }

        return (Date(text) ?? Epoch(text)) is { } time ? new(name, NameGrade.Certain, Time: time) : null;
    }

    static DateTime? Date(string text)
    {
        var match = DateText().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var digits = string.Concat(match.Groups["part"].Captures.Select(part => part.Value)).PadRight("yyyyMMddHHmmss".Length, '0');
        return DateTime.TryParseExact(digits, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year >= 1990
            ? time.AddTicks(Fraction(match.Groups["fraction"].Value))
            : null;
    }

    static long Fraction(string digits) => digits.Length == 0 ? 0 : long.Parse(digits.PadRight(7, '0')[..7], CultureInfo.InvariantCulture);

    // logrotate's dateformat -%s.
    static DateTime? Epoch(string text) => EpochText().IsMatch(text)
        ? DateTime.UnixEpoch.AddSeconds(long.Parse(text, CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex(@"^\d{1,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OrderNumber();

    [GeneratedRegex(@"^\d{9,11}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EpochText();

    // A date; perhaps a time of day with or without minutes, seconds and a fraction; perhaps a time zone; perhaps a number for a second one
    // of that time.
    [GeneratedRegex(
        @"^(?<part>\d{4})-?(?<part>\d\d)-?(?<part>\d\d)"
        + @"([T_ .-]?(?<part>\d\d)([-:.]?(?<part>\d\d)([-:.]?(?<part>\d\d)([.,](?<fraction>\d{1,9}))?)?)?)?"
        + @"(Z|[-+]\d\d:?\d\d|[-_.]?[A-Z]{2,5})?([-._]\d{1,3})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex DateText();
}
