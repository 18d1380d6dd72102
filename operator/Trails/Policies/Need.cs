using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>Requests of which detections need a level and stages.</summary>
/// <param name="Rule">It says nothing of fields.</param>
/// <param name="For">The detections' names.</param>
sealed record Need(SelectorRule Rule, IReadOnlyList<string> For)
{
    const string Patch = "patch";

    // What lists without items became: no user, group, namespace or name is it.
    const string Nothing = "\0";

    internal bool IsPossible =>
        new[] { Rule.Users, Rule.UserGroups, Rule.Namespaces }.Concat(Rule.Resources.Select(one => one.ResourceNames))
            .All(list => list is not [Nothing]);

    /// <summary>What a detection needs.</summary>
    internal static IEnumerable<Need> Of(DetectionRule detection)
    {
        IReadOnlyList<AuditStage> omitted = [.. Enum.GetValues<AuditStage>().Except(detection.Stages)];
        var ofImages = detection.Exceptions.Images.Count > 0 ? new[] { "object" } : [];
        return from needed in Needed.Of(detection.Match)
               from rule in ByLevel(needed.Region, needed.Bodies.Union(ofImages).ToHashSet())
               let need = new Need(rule with { OmitStages = omitted }, [detection.Name])
               where need.IsPossible
               select need;
    }

    /// <summary>Whether what this one needs is in what the other one needs.</summary>
    internal bool IsIn(Need other) =>
        other.Rule.Level >= Rule.Level && other.Rule.OmitStages.All(Rule.OmitStages.Contains) && Scope.Covers(other.Rule, Rule);

    /// <summary>
    /// This one, with the names of one that is in it; but not of one about far less, which its comment would make look as wide.
    /// </summary>
    internal Need AlsoFor(Need contained) =>
        Scope.Covers(contained.Rule, Rule) ? this with { For = [.. For.Union(contained.For).Order(StringComparer.Ordinal)] } : this;

    // The effect of a JSON Patch is only in the response.
    static IEnumerable<SelectorRule> ByLevel(SelectorRule region, HashSet<string> bodies)
    {
        var isOfPatch = bodies.Contains("object") && !bodies.Contains("responseObject");
        var level = bodies.Contains("responseObject") ? SelectorLevel.RequestResponse
            : bodies.Count > 0 ? SelectorLevel.Request
            : SelectorLevel.Metadata;
        if (isOfPatch && (region.Verbs.Count == 0 || region.Verbs.Contains(Patch)))
            yield return region with { Level = SelectorLevel.RequestResponse, Verbs = [Patch] };
        if (!isOfPatch || region.Verbs is not [Patch])
            yield return region with { Level = level, Verbs = isOfPatch ? [.. region.Verbs.Where(verb => verb != Patch)] : region.Verbs };
    }
}
