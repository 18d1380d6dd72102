using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class DetectionConditionsTests
{
    const string Detections = DetectionConditions.DetectionsEvaluable;
    const string Notifying = DetectionConditions.Notifying;

    [Fact]
    public void RulesThatCanBeJudgedAreEvaluable() => Expect(Some.View(), Detections, "True", "Evaluable", "Every rule");

    [Fact]
    public void BlindRulesAreNamedTheGravestFirstWithWhatTheyNeed()
    {
        var view = Some.View() with
        {
            Rules =
            [
                Some.Rule("a-low", DetectionSeverity.Low),
                Some.Rule("m-critical", DetectionSeverity.Critical),
                Some.Rule("b-critical", DetectionSeverity.Critical),
            ],
            Nodes =
            [
                Some.NodeView("cp-1", Blind(new("a-low", "level Request", 7), new("m-critical", "level RequestResponse", 1))),
                Some.NodeView("cp-2", Blind(new("b-critical", "level RequestResponse", 3), new("a-low", "level Request", 1))),
            ],
        };

        Expect(
            view, Detections, "False", "RulesCannotFire",
            "3 rules cannot fire with what the API server records: b-critical, m-critical (missing: level RequestResponse); "
                + "a-low (missing: level Request). Events are still recorded. kubectl trail policy prints an audit policy");
    }

    [Fact]
    public void ManyBlindRulesAreShortened()
    {
        BlindRule[] blind = [.. Enumerable.Range(10, 25).Select(number => new BlindRule($"rule-{number}", "level Request", number))];

        Expect(
            Some.View().With((AgentStatus _) => Blind(blind)), Detections, "False", "RulesCannotFire",
            "25 rules cannot fire with what the API server records: rule-10, rule-11, rule-12, rule-13, rule-14, rule-15, rule-16, "
                + "rule-17, rule-18, rule-19 (missing: level Request); and 15 more.");
    }

    [Fact]
    public void HowManyEventsABlindRuleSawIsNoNews()
    {
        var (few, many) = (Some.View().With((AgentStatus _) => Blind(new BlindRule("a", "level Request", 1))),
            Some.View().With((AgentStatus _) => Blind(new BlindRule("a", "level Request", 1000))));

        Assert.Equal(DetectionConditions.Evaluate(few), DetectionConditions.Evaluate(many));
    }

    [Fact]
    public void RefusedDetectionsAreTold() => Expect(
        Some.View().With(status => status.With(detections => detections with { LastError = "detections.json: no." })),
        Detections, "False", "DetectionsRefused", "On cp-1 the agent keeps its previous detections: detections.json: no.");

    [Fact]
    public void DetectionsThatAreOnTheirWayAreTold() =>
        Expect(Some.View().With(status => status.With(detections => detections with { Hash = "former" })), Detections, "Unknown", "Syncing",
            "0 of 1 agents");

    [Fact]
    public void AnAgentThatKnowsNoDetectionsYetIsOnItsWay() =>
        Expect(Some.View().With(status => status with { Detections = null }), Detections, "Unknown", "Syncing", "0 of 1 agents");

    [Fact]
    public void BeforeAnAgentWasAskedNobodyKnows() =>
        Expect(Some.View() with { Nodes = [] }, Detections, "Unknown", "NotAsked", "No agent answers yet.");

    [Fact]
    public void WithoutARuleThereIsNothingToJudge() =>
        Expect(Some.View() with { Rules = [] }, Detections, "True", "NoDetections", "No rule is enabled, see spec.detections.");

    [Fact]
    public void WithoutAWebhookNothingIsSaidOfIt() =>
        Assert.DoesNotContain(DetectionConditions.Evaluate(Some.View()), verdict => verdict.Type == Notifying);

    [Fact]
    public void AWebhookThatTakesFindingsIsNotifying() =>
        Expect(WithWebhook(sink => sink with { LastDelivery = new(Some.Noon, "e1") }), Notifying, "True", "WebhookConfirms", "confirms");

    [Fact]
    public void AWebhookThatFailsSaysSinceWhenAndWhy() => Expect(
        WithWebhook(sink =>
            sink with
            {
                LastDelivery = new(Some.Noon, "e1"),
                LastError = new(Some.Noon, Some.Noon.AddMinutes(-5), "404", "Not Found: check the URL.", 3),
            }),
        Notifying, "False", "Error404",
        "Since 2026-11-22T11:55:00Z the webhook has accepted nothing from cp-1: 404: Not Found: check the URL.");

    [Fact]
    public void BeforeTheFirstFindingNobodyKnowsOfTheWebhook() =>
        Expect(WithWebhook(sink => sink), Notifying, "Unknown", "NothingSent", "No agent has had a finding");

    static AgentStatus Blind(params BlindRule[] rules) => Some.Status().With(detections => detections with { CannotFire = rules });

    static TrailView WithWebhook(Func<SinkStatus, SinkStatus> change)
    {
        var trail = Some.Trail();
        var view = Some.View().With(status =>
            status with { Notifications = change(new() { Description = "webhook", DeliveredBatches = 0, DeliveredEvents = 0 }) });
        return view with
        {
            Trail =
                trail with { Spec = trail.Spec with { Notifications = new() { Webhook = new() { Url = "https://hooks.example.com" } } } },
        };
    }

    // Whatever they are, the Trail records.
    static void Expect(TrailView view, string type, string status, string reason, string part)
    {
        var verdict = DetectionConditions.Evaluate(view).Single(verdict => verdict.Type == type);
        var ready = TrailConditions.Evaluate(view with { Nodes = view.Nodes.Count == 0 ? Some.View().Nodes : view.Nodes }).Single(
            verdict => verdict.Type == TrailConditions.Ready);

        Assert.Equal((status, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(part, verdict.Message, StringComparison.Ordinal);
        Assert.Equal("True", ready.Status);
    }
}
