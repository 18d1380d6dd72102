using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with rules, in the field names of the resource that contains them.</summary>
public static class SelectorProblems
{
    /// <summary>What an agent could not do with this TrailSelector and its schema does not say: a sentence each.</summary>
    public static IReadOnlyList<string> Of(TrailSelector selector) =>
        [.. Of(AgentFiles.RuleSet(selector), "spec.rules"), .. WorkloadProblems.Of(selector.Spec)];

    /// <param name="set">The only set.</param>
    /// <param name="rules">The field of the resource that holds its rules.</param>
    internal static IReadOnlyList<string> Of(RuleSet set, string rules)
    {
        const string inFile = "ruleSets[0].rules";
        return
        [
            .. from problem in Contracts.ProblemsOf(new SelectorsFile { RuleSets = [set] })
               where problem.Field.StartsWith(inFile, StringComparison.Ordinal)
               select $"{rules}{problem.Field[inFile.Length..]} {problem.Text}",
        ];
    }
}
