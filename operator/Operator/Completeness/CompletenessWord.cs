using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>What is known of completeness as an agent is told: of its own API server, or of all together. Pure.</summary>
/// <remarks>Guarantee: whatever stands in a Trail's status, no agent refuses it for its numbers or texts.</remarks>
static class CompletenessWord
{
    // What a cut text has at its end, and the escape before it.
    const int CutEnd = 20;

    /// <returns>Null: nothing is known yet.</returns>
    public static CompletenessHandover? Of(CompletenessView view, string trail, string node, DateTimeOffset now)
    {
        // Where pairs became sums, or the other way round, a loss of before is told for its day.
        var count = view.Counts.Where(one => one.Name == node || one.Name == CompletenessView.All)
            .OrderByDescending(one => one.FoundAt).ThenByDescending(one => view.ComparedAt.GetValueOrDefault(one.Name)).FirstOrDefault();
        var problem = ProblemOf(view, node);
        if (count is null && problem is null)
            return null;
        var word = new CompletenessHandover
        {
            Trail = trail,
            Node = node,
            At = now,
            Hash = "",
            ComparedAt = count is not null && view.ComparedAt.TryGetValue(count.Name, out var at) ? at : null,
            OfAll = count?.Name == CompletenessView.All || (count is null && !view.NotCompared.ContainsKey(node)),
            Counts = count is null ? null : Of(count, now),
            NotCompared = problem,
        };
        return word with { Hash = HashOf(word) };
    }

    static NotCompared? ProblemOf(CompletenessView view, string node) =>
        view.NotCompared.TryGetValue(node, out var own) || view.NotCompared.TryGetValue(CompletenessView.All, out own)
            ? new(Cut(own.Why, DigestNotCompared.LongestReason), own.Since) : null;

    static CompletenessCounts Of(TrailCompleteness count, DateTimeOffset now)
    {
        var (missing, earlier, surplus) = (Fit(count.MissingAtLeast), Fit(count.EarlierMissing), Fit(count.SurplusAtLeast));
        var differs = missing + earlier + surplus > 0;
        return new(
            count.Since, missing, Math.Max(missing, Fit(count.MissingAtMost)), earlier, surplus,
            differs ? count.FoundAt ?? count.LastAt ?? now : null,
            differs ? Cut(count.Reason ?? CompletenessReasons.AnotherLog, DigestCounts.LongestReason) : null);
    }

    static long Fit(long number) => Math.Clamp(number, 0, CanonicalJson.LargestInteger);

    static string Cut(string text, int longest) => text.Length == 0 ? "unknown" : CleanReport.Text(text, longest - CutEnd);

    // Not of the time of the comparison, nor of the most that may be missing: in a busy cluster each comparison has another.
    static string HashOf(CompletenessHandover word)
    {
        var (counts, problem) = (word.Counts, word.NotCompared);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{word.OfAll} {counts?.Since:O} {counts?.MissingAtLeast} {counts?.EarlierMissing} {counts?.SurplusAtLeast} "
                + $"{counts?.FoundAt:O} {counts?.Reason} {problem?.Since:O} {problem?.Reason}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
