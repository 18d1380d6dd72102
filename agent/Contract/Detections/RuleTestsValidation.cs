using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Detections;

/// <summary>What tests of a rule must be beyond their form.</summary>
static class RuleTestsValidation
{
    public static void Check(RuleTests tests, Problems problems)
    {
        foreach (var (name, cases) in new[] { ("fires", tests.Fires), ("silent", tests.Silent), ("notEvaluable", tests.NotEvaluable) })
        {
            for (var at = 0; at < cases.Count; at++)
                Check(cases[at], $"{name}[{at}]", [.. tests.Events.Keys], problems);
        }
    }

    static void Check(RuleTestCase one, string field, IReadOnlyList<string> events, Problems problems)
    {
        problems.CheckRange($"{field}.requestUriBytes", one.RequestUriBytes, 0, 4 << 20);
        problems.CheckRange($"{field}.repeat", one.Repeat, 1, 20_000);
        problems.CheckRange($"{field}.secondsApart", one.SecondsApart, 0, 86_400);
        if (one.Events.Count == 0)
            problems.Add($"{field}.events", one.Events, "one or more");
        for (var at = 0; at < one.Events.Count; at++)
        {
            if (!events.Contains(one.Events[at]))
                problems.Add($"{field}.events[{at}]", one.Events[at], string.Join(", ", events));
        }
    }
}
