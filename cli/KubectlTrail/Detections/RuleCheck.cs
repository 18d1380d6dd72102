using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Detections;

/// <summary>Runs the tests of one rule, with the code that an agent runs.</summary>
/// <param name="rule">Its lists are filled in.</param>
sealed class RuleCheck(DetectionRule rule, RuleTests tests)
{
    readonly DetectionSet set = new([rule]);

    /// <summary>The cases that went wrong, a sentence each.</summary>
    internal IReadOnlyList<string> Failures() =>
    [
        .. tests.Fires.Select(one => Check(one, "fires", WrongWhenFiring)).OfType<string>(),
        .. tests.Silent.Select(one => Check(one, "silent", WrongWhenSilent)).OfType<string>(),
        .. tests.NotEvaluable.Select(one => Check(one, "notEvaluable", WrongWhenNotEvaluable)).OfType<string>(),
    ];

    internal int Cases => tests.Fires.Count + tests.Silent.Count + tests.NotEvaluable.Count;

    string? Check(RuleTestCase one, string kind, Func<RuleTestCase, Tally, string?> wrong) =>
        Run(one) switch
        {
            { Unparsable: { } event_ } =>
                $"{rule.Name}: {kind}: {one.Name}: {event_} is not "
                    + $"{(rule.Source == RuleSource.Process ? "a process event" : "an audit event")}.",
            var tally => wrong(one, tally) is { } sentence ? $"{rule.Name}: {kind}: {one.Name}: {sentence}" : null,
        };

    static string? WrongWhenFiring(RuleTestCase one, Tally tally) =>
        one.Findings is { } wanted && wanted != tally.Findings ? $"{tally.Findings} findings, and not {wanted}{Blind(tally)}."
        : tally.Findings == 0 ? $"does not fire{Blind(tally)}."
        : null;

    static string? WrongWhenSilent(RuleTestCase one, Tally tally) =>
        tally.Findings > 0 ? $"fires, {tally.Findings} times." : tally.NotEvaluable > 0 ? "is not evaluable, and not silent." : null;

    static string? WrongWhenNotEvaluable(RuleTestCase one, Tally tally) =>
        tally.Findings > 0 ? "fires, and is evaluable." : tally.NotEvaluable == 0 ? "is silent, and evaluable." : null;

    static string Blind(Tally tally) => tally.NotEvaluable > 0 ? $"; {tally.NotEvaluable} events were not evaluable" : "";

    Tally Run(RuleTestCase one)
    {
        var (detector, index, findings) = (new Detector(set), new JsonIndex(), 0);
        for (var at = 0; at < one.Repeat * one.Events.Count; at++)
        {
            var name = one.Events[at % one.Events.Count];
            var (request, stage) = (at / one.Events.Count * one.Events.Count * one.SecondsApart, at * one.SecondsApart);
            var changed = one.With is { } patch ? MergePatch.Apply(tests.Events[name], patch) : tests.Events[name];
            var line = Encoding.UTF8.GetBytes(Padded(Later(changed, request, stage), one.RequestUriBytes).ToJsonString());
            AuditEvent audit;
            var isEvent = rule.Source == RuleSource.Process
                ? ProcessEvent.TryParse(line, index, out audit, out _)
                : AuditEvent.TryParse(line, index, out audit, out _);
            if (!isEvent)
                return new(0, 0, name);
            if (detector.Detect(audit, new(default, at)))
                findings += detector.Findings.Count;
        }

        return new(findings, detector.TakeCounts(0).ThrowIfFailed(rule.Name).NotEvaluable, null);
    }

    static JsonObject Later(JsonObject event_, int request, int stage)
    {
        var later = event_.DeepClone().AsObject();
        foreach (var (field, seconds) in new[] { ("requestReceivedTimestamp", request), ("stageTimestamp", stage), ("time", stage) })
        {
            if (later[field] is JsonValue value && DateTimeOffset.TryParse((string?)value, CultureInfo.InvariantCulture, out var time))
                later[field] = time.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        }

        return later;
    }

    static JsonObject Padded(JsonObject event_, int requestUriBytes)
    {
        if (requestUriBytes > 0 && event_["requestURI"] is JsonValue uri)
        {
            event_["requestURI"] = ((string)uri!).PadRight(requestUriBytes, '<');
        }

        return event_;
    }

    sealed record Tally(int Findings, long NotEvaluable, string? Unparsable);
}
