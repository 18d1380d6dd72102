using System.Globalization;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether the heads of chains are kept in a second bucket, where the Trail asks for it. Pure.</summary>
/// <remarks>It takes no part in Ready: agents record all the same.</remarks>
static class AnchoredCondition
{
    public const string Type = "Anchored";

    /// <summary>The reason when an anchor is further than what is known.</summary>
    public const string AnchorAhead = "AnchorAhead";

    /// <summary>The reason when something else lies in an anchor's place.</summary>
    public const string AnchorDamaged = "AnchorDamaged";

    public static IEnumerable<Verdict> Evaluate(TrailView view)
    {
        if (view.Trail.Spec.Integrity is { Enabled: true, Anchor: not null })
            yield return Judge(view);
    }

    static Verdict Judge(TrailView view) => view.Anchors switch
    {
        null => view.Same(Type) ?? NotWritten,
        { Problem: { Reason: AnchorAhead, Message: var message } } => new(
            Type, false, AnchorAhead,
            $"{Sentence.Of(message)} The operator's ConfigMaps were restored from a copy, or somebody moved heads back. The anchor stays. "
                + "Run kubectl trail verify with it, and keep its report."),
        { Problem: { Reason: AnchorDamaged, Message: var message } } anchors => new(
            Type, false, AnchorDamaged,
            $"{Sentence.Of(message)} The operator does not replace it. Find out who can write to {anchors.Location}, and run kubectl trail "
                + "verify. Then delete this version of the object, so that the one before it counts; without versions, delete the object."),
        { Problem: { } problem } anchors => new(
            Type, false, TrailConditions.Word(problem.Reason),
            $"The heads of chains cannot be kept in {anchors.Location}: {Sentence.Of(problem.Message)} The operator tries again."),
        { Chains: 0 } => NotWritten,
        var anchors => new(
            Type, true, "Anchored",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(anchors.Chains == 1 ? "The head of the only chain is" : $"The heads of all {anchors.Chains} chains are")} kept in "
                    + $"{anchors.Location}, and only moved forward.")),
    };

    static Verdict NotWritten => new(Type, null, "NotWritten", "No head has been anchored yet: no agent has reported a digest.");
}
