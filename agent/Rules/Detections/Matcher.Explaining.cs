using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

sealed partial class Matcher
{
    const int MostAlternatives = 4;

    /// <summary>
    /// The first part that makes the match say no, or else the first that cannot be evaluated; null if and only if the match holds.
    /// </summary>
    public string? FirstMiss(in AuditEvent audit, string field)
    {
        var outcome = Test(audit);
        return outcome == Outcome.Yes ? null
            : request.FirstMiss(audit) is { } miss ? $"{field}.{miss}"
            : MissOfFields(audit, field, outcome) ?? MissOfAll(audit, field, outcome) ?? MissOfNone(audit, field, outcome)
                ?? MissOfAny(audit, field);
    }

    // The least of its parts is what a match says: the first part that says the same is why.
    string? MissOfFields(in AuditEvent audit, string field, Outcome outcome)
    {
        foreach (var (condition, place) in conditions)
        {
            if (condition.Test(audit) == outcome)
                return $"{field}.fields[{place}]: {condition.Miss(audit)}";
        }

        return null;
    }

    string? MissOfAll(in AuditEvent audit, string field, Outcome outcome)
    {
        for (var at = 0; at < all.Length; at++)
        {
            if (all[at].Test(audit) == outcome)
                return all[at].FirstMiss(audit, $"{field}.all[{at}]");
        }

        return null;
    }

    string? MissOfNone(in AuditEvent audit, string field, Outcome outcome)
    {
        for (var at = 0; at < none.Length; at++)
        {
            if (Not(none[at].Test(audit)) == outcome)
                return none[at].FirstMiss(audit, $"{field}.none[{at}]") ?? $"{field}.none[{at}] holds, and must not";
        }

        return null;
    }

    string MissOfAny(in AuditEvent audit, string field)
    {
        var misses = new List<string>();
        for (var at = 0; at < any.Length; at++)
        {
            if (any[at].Test(audit) == Outcome.Unknown)
                return any[at].FirstMiss(audit, $"{field}.any[{at}]")!;
            misses.Add(any[at].FirstMiss(audit, $"any[{at}]")!);
        }

        var more = misses.Count > MostAlternatives ? $"; and {misses.Count - MostAlternatives} more" : "";
        return $"{field}.any: none holds: {string.Join("; ", misses.Take(MostAlternatives))}{more}";
    }
}
