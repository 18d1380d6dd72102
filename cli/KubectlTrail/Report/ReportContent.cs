using ClusterTrail.History.Search;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Report;

/// <summary>All that a report says.</summary>
/// <param name="Location">The archive.</param>
/// <param name="Problems">What could not be read: sentences.</param>
/// <param name="Integrity">What was verified; null if it was not.</param>
/// <param name="Findings">The grave ones, and what is known of them.</param>
/// <param name="Scope">Which part of it, and when.</param>
sealed record ReportContent(
    string Location, ArchiveScope Scope, Framework For, TimeRange Range, DateTimeOffset Made, IReadOnlyList<SectionAnswer> Answers,
    IReadOnlyList<string> Problems, VerificationResult? Integrity, ReportedFindings Findings)
{
    /// <summary>Whether the archive was verified, and is as its digests say.</summary>
    internal bool IsVerified => Integrity is not null && Integrity.Gravest(strict: false) is null;

    /// <summary>The command that asks a question again.</summary>
    internal string Command(string sql)
    {
        var line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"kubectl trail query {Quoted(Location)}{Times} {Quoted(line)}";
    }

    internal string VerifyCommand => $"kubectl trail verify {Quoted(Location)}{Times} --keys operator.pub.pem";

    string Times => Part("cluster", Scope.Cluster) + Part("trail", Scope.Trail) + Part("node", Scope.Node)
        + (Range.Since is { } since ? $" --since {since:yyyy-MM-ddTHH:mm:ssZ}" : "")
        + (Range.Until is { } until ? $" --until {until:yyyy-MM-ddTHH:mm:ssZ}" : "");

    static string Part(string option, string? name) => name is null ? "" : $" --{option} {Quoted(name)}";

    // For a shell of POSIX.
    static string Quoted(string text) => text.All(one => char.IsAsciiLetterOrDigit(one) || "./:-_=".Contains(one, StringComparison.Ordinal))
        ? text
        : $"\"{string.Concat(text.Select(one => "\"\\$`".Contains(one, StringComparison.Ordinal) ? $"\\{one}" : $"{one}"))}\"";
}

/// <summary>Grave findings.</summary>
/// <param name="First">The newest of them.</param>
sealed record ReportedFindings(IReadOnlyList<FindingState> First, long Count, long Open);
