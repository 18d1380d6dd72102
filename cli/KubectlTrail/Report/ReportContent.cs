using ClusterTrail.History.Search;
using ClusterTrail.Verification;

namespace ClusterTrail.Kubectl.Report;

/// <summary>All that a report says.</summary>
/// <param name="Location">The archive.</param>
/// <param name="Problems">What could not be read: sentences.</param>
/// <param name="Integrity">What was verified; null if it was not.</param>
/// <param name="Findings">The grave ones, and what is known of them.</param>
sealed record ReportContent(
    string Location, Framework For, TimeRange Range, DateTimeOffset Made, IReadOnlyList<SectionAnswer> Answers, IReadOnlyList<string> Problems,
    VerificationResult? Integrity, ReportedFindings Findings)
{
    /// <summary>The command that asks a question again.</summary>
    internal string Command(string sql) =>
        $"kubectl trail query {Quoted(Location)}{Times} {Quoted(string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))}";

    internal string VerifyCommand => $"kubectl trail verify {Quoted(Location)}{Times} --keys operator.pub.pem";

    string Times =>
        $"{(Range.Since is { } since ? $" --since {since:yyyy-MM-ddTHH:mm:ssZ}" : "")}{(Range.Until is { } until ? $" --until {until:yyyy-MM-ddTHH:mm:ssZ}" : "")}";

    // For a shell of POSIX.
    static string Quoted(string text) => text.All(one => char.IsAsciiLetterOrDigit(one) || "./:-_=".Contains(one, StringComparison.Ordinal))
        ? text
        : $"\"{string.Concat(text.Select(one => "\"\\$`".Contains(one, StringComparison.Ordinal) ? $"\\{one}" : $"{one}"))}\"";
}

/// <summary>Grave findings.</summary>
/// <param name="First">The newest of them.</param>
sealed record ReportedFindings(IReadOnlyList<FindingState> First, long Count, long Open);
