namespace ClusterTrail.Rules.Detections;

/// <summary>One part of events: which rules each of its values may concern.</summary>
sealed class Facet
{
    readonly NameTable names;

    // First of all values that no rule names.
    readonly ulong[][] rules;

    /// <param name="bounds">The values that each rule is bound to; null for any.</param>
    public Facet(IReadOnlyList<IReadOnlySet<string>?> bounds)
    {
        names = new(bounds.SelectMany(bound => bound ?? new HashSet<string>()));
        rules =
        [
            RuleBits.Where(bounds, bound => bound is null),
            .. names.All.Select(name => RuleBits.Where(bounds, bound => bound?.Contains(name) ?? true)),
        ];
    }

    /// <summary>The rules that an event with this value may concern.</summary>
    /// <param name="written">The string between its quotes, with its escapes.</param>
    public ReadOnlySpan<ulong> RulesFor(ReadOnlySpan<byte> written) => rules[names.Find(written)];
}
