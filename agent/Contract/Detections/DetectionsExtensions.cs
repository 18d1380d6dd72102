namespace ClusterTrail.Contract.Detections;

public static class DetectionsExtensions
{
    /// <summary>The rules that a detections file puts in force, with their lists filled in.</summary>
    public static IReadOnlyList<DetectionRule> Effective(this DetectionsFile file)
    {
        var lists = new NamedLists(NamedLists.Union([.. Packs.All.Select(pack => pack.Content.Lists), file.Lists]));
        return [.. file.Chosen().Where(rule => !file.Disable.Contains(rule.Name)).Select(lists.Expand)];
    }

    static IEnumerable<DetectionRule> Chosen(this DetectionsFile file) =>
        Packs.All
            .SelectMany(pack => pack.Content.Rules.Where(rule =>
                file.Enable.Contains(rule.Name) || (rule.Enabled && file.Packs.Contains(pack.Name))))
            .Concat(file.Rules.Where(rule => rule.Enabled || file.Enable.Contains(rule.Name)));
}
