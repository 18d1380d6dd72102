using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using static ClusterTrail.Trails.Validation.TrailProblems;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with the rules that a Trail names, in the field names of the Trail.</summary>
static class DetectionProblems
{
    const string Field = "spec.detections";
    const string Rules = "rules";

    /// <param name="detections">The Trail's detections.</param>
    /// <param name="files">The Trail's files.</param>
    /// <param name="hasRuleFiles">Whether all rule files that the Trail names are known; otherwise names may be missing.</param>
    public static IEnumerable<string> Of(TrailDetections detections, AgentFiles files, bool hasRuleFiles)
    {
        var isWhole = hasRuleFiles || detections.RuleFiles.Count == 0;
        return
        [
            .. from problem in Contracts.ProblemsOf(files.Detections)
               where isWhole || !IsOfNames(problem.Field)
               select InTrail(problem, files.RuleFiles),
            .. from name in detections.Enable.Intersect(detections.Disable)
               select $"{Field}.enable and {Field}.disable both have \"{name}\"; allowed: one of the two.",
            .. isWhole ? UnknownLists(detections, files.RuleFiles) : [],
        ];
    }

    static bool IsOfNames(string field) =>
        field.StartsWith("enable", StringComparison.Ordinal) || field.StartsWith("disable", StringComparison.Ordinal);

    static string InTrail(Problem problem, IReadOnlyList<TrailRuleFile> files)
    {
        if (!problem.Field.StartsWith(Rules, StringComparison.Ordinal))
            return $"{Field}.{problem.Field} {problem.Text}";
        return problem.Field.Length == Rules.Length
            ? $"{Field}.ruleFiles: {problem}"
            : InFile(problem, files);
    }

    // The files' rules come one after the other.
    static string InFile(Problem problem, IReadOnlyList<TrailRuleFile> files)
    {
        var end = problem.Field.IndexOf(']', StringComparison.Ordinal);
        var at = int.Parse(problem.Field[(Rules.Length + 1)..end], null);
        foreach (var file in files)
        {
            if (at < file.Content.Rules.Count)
                return $"{file.Source}: {Rules}[{at}{problem.Field[end..]} {problem.Text}";
            at -= file.Content.Rules.Count;
        }

        return $"{Field}: {problem}";
    }

    // It would have no effect: additions to a list that no rule names change nothing.
    static IEnumerable<string> UnknownLists(TrailDetections detections, IReadOnlyList<TrailRuleFile> files)
    {
        var contents = Packs.All.Select(pack => pack.Content).Concat(files.Select(file => file.Content));
        var known = contents.SelectMany(content => content.Lists.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        return
            from name in detections.Lists.Keys
            where !known.Contains(name)
            select Wrong($"{Field}.lists", name, $"the name of a list of a pack or of a rule file ({string.Join(", ", known)})");
    }
}
