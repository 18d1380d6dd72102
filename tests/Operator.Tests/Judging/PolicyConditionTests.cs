using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class PolicyConditionTests
{
    const string Type = PolicyCondition.Type;

    static readonly PolicyShortfall Updates = new()
    {
        RuleSet = "main",
        Rule = 1,
        Verb = "update",
        Group = "",
        Resource = "configmaps",
        Arrives = SelectorLevel.Metadata,
        Asked = SelectorLevel.Request,
        Undecided = false,
        Events = 3,
    };

    static readonly RuleSet Shop = new()
    {
        Name = "shop/all",
        Namespace = "shop",
        Rules = [new() { Level = SelectorLevel.None, Users = ["ci"] }, new() { Level = SelectorLevel.Request }],
    };

    static readonly IReadOnlyList<SelectorRule> Selectors =
    [
        new() { Level = SelectorLevel.None, Users = ["system:kube-proxy"] },
        new() { Level = SelectorLevel.Request, Resources = [new() { Resources = ["configmaps", "secrets"] }, new() { Group = "apps" }] },
        new()
        {
            Level = SelectorLevel.Metadata,
            Resources = [new() { Resources = ["pods"] }],
            Fields = [new() { Path = "requestObject.spec.hostPID", Operator = FieldOperator.Equals, Values = ["true"] }],
        },
    ];

    [Fact]
    public void WhatIsLackingIsNamedWithTheSmallestChange() => Expect(
        Lacking(Updates, Updates with { Verb = "create" }, Updates with { Group = "apps", Resource = "deployments" }), "False", "LevelTooLow",
        "The audit policy records less than selectors ask for. spec.selectors[1] asks for Request of create, update configmaps; update "
            + "deployments.apps, and Metadata arrives. To change that, put this before the rules of the API server's audit policy: "
            + """- {"level":"Metadata","users":["system:kube-proxy"],"verbs":["create","update"],"resources":[{"group":"","resources":["configmaps"]}]} """
            + """- {"level":"Request","verbs":["create","update"],"resources":[{"group":"","resources":["configmaps"]}]} """
            + """- {"level":"Metadata","users":["system:kube-proxy"],"verbs":["update"],"resources":[{"group":"apps","resources":["deployments"]}]} """
            + """- {"level":"Request","verbs":["update"],"resources":[{"group":"apps","resources":["deployments"]}]} . """
            + "A whole policy: kubectl get trail main -o yaml | kubectl trail policy -f -");

    [Fact]
    public void ARuleThatCannotBeEvaluatedIsGraver() => Expect(
        Lacking(Updates, Updates with { Rule = 2, Verb = "create", Resource = "pods", Undecided = true }), "False", "RulesUndecided",
        "selectors ask for. spec.selectors[2] cannot evaluate its conditions on create pods: they need Request, and Metadata arrives, so it "
            + "does not match. spec.selectors[1] asks for Request of update configmaps, and Metadata arrives.");

    [Fact]
    public void WhatATeamLacksIsChangedInItsNamespace()
    {
        var lacking = Lacking(Updates with { RuleSet = "shop/all", Rule = 1, Resource = "services" });

        Expect(
            Attach(lacking, Shop), "False", "LevelTooLow",
            "spec.rules[1] of TrailSelector shop/all asks for Request of update services, and Metadata arrives. To change that, put this "
                + """before the rules of the API server's audit policy: - {"level":"Metadata","users":["ci"],"verbs":["update"],"resources":[{"group":"","resources":["services"]}],"namespaces":["shop"]} """
                + """- {"level":"Request","verbs":["update"],"resources":[{"group":"","resources":["services"]}],"namespaces":["shop"]} . """
                + "A whole policy: kubectl get trails,trailselectors,namespaces -A -o yaml | kubectl trail policy -f -");
    }

    [Fact]
    public void WhatTeamsLackHidesNothingOfTheTrail() => Expect(
        Attach(
            Lacking(
                [.. Enumerable.Range(0, 8).Select(at => Updates with { RuleSet = "shop/all", Rule = at, Undecided = true }), Updates]),
            Shop),
        "False", "RulesUndecided",
        "less than selectors ask for. spec.selectors[1] asks for Request of update configmaps, and Metadata arrives.");

    [Fact]
    public void AChangeTakesNothingFromATeamOrADetection()
    {
        var everything = Shop with { Rules = [new() { Level = SelectorLevel.RequestResponse }] };
        var detection = Some.View().Rules![0] with
        {
            Match = new() { Verbs = ["update"], Resources = [new() { Resources = ["configmaps"] }] },
        };

        Expect(
            Attach(Lacking(Updates), everything) with { Rules = [detection] }, "False", "LevelTooLow",
            """policy: - {"level":"RequestResponse","verbs":["update"],"resources":[{"group":"","resources":["configmaps"]}],"namespaces":["shop"]} """
                + """- {"level":"Metadata","users":["system:kube-proxy"],"verbs":["update"],"resources":[{"group":"","resources":["configmaps"]}],"omitStages":["RequestReceived","ResponseStarted","Panic"]} """
                + """- {"level":"Request","verbs":["update"],"resources":[{"group":"","resources":["configmaps"]}]} .""");
    }

    [Fact]
    public void WhileItIsNotKnownWhatOthersNeedTheChangeIsLeftToTheCommand() => Expect(
        Lacking(Updates) with { SelectorsJson = null }, "False", "LevelTooLow",
        "and Metadata arrives. A policy that is sufficient: kubectl get trail main -o yaml | kubectl trail policy -f -");

    [Fact]
    public void NoPolicyGivesWhatApiServersCut()
    {
        var cut = Updates with { Rule = 2, Verb = "create", Resource = "pods", Undecided = true, Cut = true };

        Expect(
            Lacking(cut), "False", "RulesUndecided",
            "API servers record less than selectors ask for. spec.selectors[2] cannot evaluate its conditions on create pods: API servers "
                + "cut the bodies out of large events, so it does not match. Let API servers write larger events: --audit-log-truncate-max");
        Expect(
            Lacking(Updates, cut), "False", "RulesUndecided",
            "kubectl get trail main -o yaml | kubectl trail policy -f - . Let API servers write larger events: --audit-log-truncate-max");
    }

    [Fact]
    public void AChangeThatLogsSecretsSaysSo() => Expect(
        Lacking(Updates with { Resource = "secrets" }), "False", "LevelTooLow", ". This writes bodies of Secrets or tokens into the log");

    [Fact]
    public void WhereApiServersDifferTheNodeIsNamed()
    {
        var view = Lacking(Updates);

        Expect(
            view with { Nodes = [.. view.Nodes, Some.NodeView("cp-2", Status(Whole()))] }, "False", "LevelTooLow",
            "and Metadata arrives on cp-1.");
    }

    [Fact]
    public void ALongChangeIsLeftToTheCommand() => Expect(
        Lacking([.. Enumerable.Range(0, 20).Select(number => Updates with { RuleSet = $"team-{number}/a" })]), "False", "LevelTooLow",
        "There is more, see selectors.policy in /status of the agents. A policy that is sufficient: kubectl get trail main -o yaml |");

    [Fact]
    public void ManyKindsAreShortened() => Expect(
        Lacking([.. Enumerable.Range(10, 20).Select(number => Updates with { Resource = $"r{number}" })]), "False", "LevelTooLow",
        "update r17; and 12 more, and Metadata arrives.");

    [Theory]
    [InlineData(ApiServerSourceType.EventHubs, FeedFormat.Audit)]
    [InlineData(ApiServerSourceType.Bucket, FeedFormat.EksCloudWatch)]
    [InlineData(ApiServerSourceType.Bucket, FeedFormat.GkeCloudLogging)]
    public void NobodyIsAskedToChangeThePolicyOfACloud(ApiServerSourceType type, FeedFormat format)
    {
        var view = Of(Lacking(Updates), type, format);

        Expect(view, "False", "CloudPolicy", "and Metadata arrives. The cloud decides about its audit policy, which cannot be changed: lower");
        Assert.DoesNotContain("kubectl trail policy", Verdict(view).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABucketOfOnesOwnApiServersCanBeChanged() =>
        Expect(Of(Lacking(Updates), ApiServerSourceType.Bucket, FeedFormat.Audit), "False", "LevelTooLow", "put this before the rules");

    [Fact]
    public void WhatIsAskedByAdmissionHasNoLevel() =>
        Assert.Empty(PolicyCondition.Evaluate(Of(Lacking(Updates), ApiServerSourceType.Admission, FeedFormat.Audit)));

    [Fact]
    public void WhatArrivesWholeIsSufficient() => Expect(View(Whole()), "True", "Sufficient", "All events that arrive have the bodies");

    [Fact]
    public void WithoutARuleThatNeedsBodiesNothingIsAsked() =>
        Expect(View(Whole() with { Rules = 0, Events = 0, ObservedSeconds = 0 }), "True", "NothingAsked", "No selector rule needs bodies");

    [Fact]
    public void OnAQuietClusterNobodyKnows() => Expect(View(Whole() with { Events = 9 }), "Unknown", "NothingSeen", "Hardly any events");

    [Fact]
    public void OlderAgentsDoNotSay() => Expect(View(null), "Unknown", "NotReported", "Some agents are older");

    [Fact]
    public void BeforeAnAgentAnsweredNobodyKnows() => Expect(View(Whole()) with { Nodes = [] }, "Unknown", "NotAsked", "No agent answers yet.");

    [Fact]
    public void RulesOfBeforeSayNothing() => Expect(
        Lacking(Updates) with { SelectorsHash = "another" }, "Unknown", "Syncing", "0 of 1 agents use the newest selectors");

    [Fact]
    public void AnAgentThatHasJustStartedChangesNothing()
    {
        var lacking = Lacking(Updates);

        Expect(lacking.After(TimeSpan.FromMinutes(1), View(Whole() with { ObservedSeconds = 3599 })), "False", "LevelTooLow", "configmaps");
        Expect(lacking.After(TimeSpan.FromMinutes(1), View(Whole() with { ObservedSeconds = 3600 })), "True", "Sufficient", "");
        Expect(lacking.After(TimeSpan.FromMinutes(1), View(Whole() with { Events = 0 })), "Unknown", "NothingSeen", "");
        Expect(View(Whole()).After(TimeSpan.FromMinutes(1), View(Whole() with { Events = 0 })), "True", "Sufficient", "");
        Expect(lacking.After(TimeSpan.FromSeconds(20), View(Whole()) with { Nodes = [] }), "False", "LevelTooLow", "configmaps");
    }

    [Fact]
    public void AnotherSpecIsJudgedAnew()
    {
        var trail = View(null).Trail;
        var changed = View(Whole() with { ObservedSeconds = 60 }) with
        {
            Trail = trail with { Metadata = trail.Metadata with { Generation = 4 } },
        };
        var next = Lacking(Updates).After(TimeSpan.FromMinutes(1), changed);

        Expect(
            next with { Trail = next.Trail with { Metadata = changed.Trail.Metadata } }, "True", "Sufficient", "All events that arrive");
    }

    [Fact]
    public void RequestsWithoutTheirEndsAreTold() => Expect(
        View(Whole() with { MissingStages = [new(1, AuditStage.ResponseComplete)] }), "False", "StageMissing",
        "The audit policy omits the stage ResponseComplete of what spec.selectors[1] would record");

    [Fact]
    public void RequestsWithoutTheirBeginningsLoseNothing()
    {
        var view = View(Whole() with { MissingStages = [new(1, AuditStage.RequestReceived)] });

        Expect(view, "True", "Sufficient", "The audit policy omits the stage RequestReceived of what spec.selectors[1] would record, which");
        var quiet = View(Whole() with { Events = 0, MissingStages = [new(1, AuditStage.RequestReceived)] });
        Assert.Equal(Verdict(view), Verdict(view.After(TimeSpan.FromMinutes(1), quiet)));
    }

    [Fact]
    public void HowManyEventsLackSomethingIsNoNews() =>
        Assert.Equal(Verdict(Lacking(Updates)), Verdict(Lacking(Updates with { Events = 99 })));

    static PolicyStatus Whole() => new() { ObservedSeconds = 7200, Rules = 2, Events = 10, Shortfalls = [], Others = 0 };

    static AgentStatus Status(PolicyStatus? policy)
    {
        var status = Some.Status();
        return status with { Selectors = status.Selectors with { Policy = policy } };
    }

    static TrailView View(PolicyStatus? policy)
    {
        var view = Some.View().With((AgentStatus _) => Status(policy));
        return Attach(view with { Trail = view.Trail with { Spec = view.Trail.Spec with { Selectors = Selectors } } });
    }

    static TrailView Attach(TrailView view, params RuleSet[] sets) => view with
    {
        SelectorsJson = AgentFiles.Of(view.Trail).With(sets).SelectorsJson,
        AttachedSelectors = sets.Length,
        Rules = [],
    };

    static TrailView Lacking(params PolicyShortfall[] shortfalls) => View(Whole() with { Shortfalls = shortfalls });

    static TrailView Of(TrailView view, ApiServerSourceType type, FeedFormat format) => view with
    {
        Trail = view.Trail with
        {
            Spec = view.Trail.Spec with
            {
                Sources = new() { ApiServer = new() { Type = type, Bucket = new() { Bucket = "b", Format = format } } },
            },
        },
    };

    static Verdict Verdict(TrailView view) => Assert.Single(PolicyCondition.Evaluate(view));

    static void Expect(TrailView view, string status, string reason, string part) =>
        Expected.Condition(view, Type, status, reason, part, ready: TrailConditions.Evaluate(view)[0].Reason);
}
