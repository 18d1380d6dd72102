using ClusterTrail.Contract;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;

namespace ClusterTrail.Kubectl.Report;

/// <summary>Which findings somebody has looked at, as a file of the auditor's own says.</summary>
sealed record Reviewed
{
    readonly HashSet<ReviewedFinding> matched = [];

    /// <summary>By rule, or by the id of one finding.</summary>
    public IReadOnlyList<ReviewedFinding> Findings { get; init; } = [];

    /// <exception cref="TrailException">The file is wrong, or cannot be read.</exception>
    internal static Reviewed Read(string? path)
    {
        if (path is null)
            return new();
        var read = RulesOfFile.ReadNamed(path, Contracts.ParseYaml<Reviewed>);
        for (var at = 0; at < read.Findings.Count; at++)
        {
            if (read.Findings[at].Rule is null == read.Findings[at].Id is null)
                throw new TrailException(
                    ExitCode.BadUsage,
                    $"{path}: findings[{at}] has {(read.Findings[at].Id is null ? "neither" : "both")} rule and id; allowed: one of the two.");
        }

        return read;
    }

    /// <summary>What was written of a finding; null if nobody has looked at it.</summary>
    internal ReviewedFinding? Of(string id, string rule)
    {
        var found = Findings.FirstOrDefault(one => one.Id == id) ?? Findings.FirstOrDefault(one => one.Rule == rule);
        if (found is not null)
            matched.Add(found);
        return found;
    }

    /// <summary>Those that are about no grave finding of the period.</summary>
    internal IEnumerable<string> Unmatched => Findings.Where(one => !matched.Contains(one)).Select(one => one.Id ?? one.Rule!);
}

/// <summary>A finding, or all of a rule, and who looked at it.</summary>
sealed record ReviewedFinding
{
    public string? Rule { get; init; }

    public string? Id { get; init; }

    public required string By { get; init; }

    public string Note { get; init; } = "";
}
