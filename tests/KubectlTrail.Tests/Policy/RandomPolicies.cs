using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Kubectl.Tests.Policy;

/// <summary>Rule sets and requests out of few words, so that they meet often.</summary>
sealed class RandomPolicies(int seed)
{
    static readonly string[] Users = ["alice", "bob"];
    static readonly string[] Groups = ["dev", "ops"];
    static readonly string[] Verbs = ["get", "create"];
    static readonly string[] Namespaces = ["a", "b", ""];
    static readonly string[] ApiGroups = ["", "apps"];
    static readonly string[] Resources = ["pods", "pods/log", "pods/exec", "services", "services/log", "secrets"];
    static readonly string[] Patterns = [.. Resources, "pods/*", "*/log", "*/*", "*"];
    static readonly string[] Urls = ["/healthz", "/healthz/etcd", "/version"];
    static readonly string[] UrlPatterns = [.. Urls, "/healthz*", "/*", "*"];
    static readonly string[] Fields = ["sourceIPs[0]", "requestObject.kind", "responseObject.kind", "userAgent"];

    readonly Random random = new(seed);

    internal IReadOnlyList<RuleSet> Sets() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new RuleSet
    {
        Name = "set",
        Namespace = random.Next(2) == 0 ? One(Namespaces[..2]) : null,
        OmitStages = Stages(),
        Rules = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Rule())],
    })];

    internal Request Request()
    {
        var isOfObject = random.Next(4) > 0;
        return new(
            One(Users), Some(Groups), One(Verbs), isOfObject ? One(Namespaces) : "", isOfObject ? One(ApiGroups) : "",
            isOfObject ? One(Resources) : null,
            One(["x", "y"]), One(Urls), One(Enum.GetValues<AuditStage>()), Fields.Where(_ => random.Next(2) == 0).ToHashSet());
    }

    /// <summary>A detection whose every part is about such requests; conditions on metadata hold if they are true of a request.</summary>
    internal DetectionRule Detection() => new()
    {
        Name = $"detection-{random.Next(100)}",
        Severity = DetectionSeverity.Low,
        Group = "group",
        Description = "A detection.",
        Stages = random.Next(2) == 0 ? [AuditStage.ResponseComplete] : [AuditStage.ResponseStarted, AuditStage.ResponseComplete],
        Match = Match() with
        {
            Any = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Match())],
            All = random.Next(4) == 0 ? [Match()] : [],
        },
    };

    Match Match()
    {
        var rule = Rule();
        return new()
        {
            Users = rule.Users,
            UserGroups = rule.UserGroups,
            Verbs = rule.Verbs,
            Namespaces = rule.Namespaces,
            Resources = rule.Resources,
            NonResourceURLs = rule.NonResourceURLs,
            Fields = [.. rule.Fields.Select(field => new MatchCondition { Path = field.Path, Operator = FieldOperator.Exists })],
        };
    }

    SelectorRule Rule()
    {
        var isOfUrls = random.Next(5) == 0;
        return new()
        {
            Level = One(Enum.GetValues<SelectorLevel>()),
            Users = Some(Users),
            UserGroups = Some(Groups),
            Verbs = Some(Verbs),
            Namespaces = isOfUrls ? [] : Some(Namespaces),
            Resources = isOfUrls || random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => OfGroup())],
            NonResourceURLs = isOfUrls ? [One(UrlPatterns), .. Some(UrlPatterns)] : [],
            OmitStages = Stages(),
            Fields = [.. Some(Fields).Select(path => new FieldCondition { Path = path, Operator = FieldOperator.Exists })],
        };
    }

    GroupResources OfGroup()
    {
        var resources = Some(Patterns);
        return new()
        {
            Group = One([.. ApiGroups, "*"]),
            Resources = resources,
            ResourceNames = resources.Count > 0 ? Some(["x", "y"]) : [],
        };
    }

    IReadOnlyList<AuditStage> Stages() => random.Next(3) == 0 ? [One(Enum.GetValues<AuditStage>()), AuditStage.RequestReceived] : [];

    // Mostly none, as in rules that people write.
    IReadOnlyList<string> Some(string[] of) => random.Next(3) > 0 ? [] : [.. of.Where(_ => random.Next(2) == 0)];

    T One<T>(T[] of) => of[random.Next(of.Length)];
}
