using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>Small events of all levels, and rules about what happens in them and what does not; the same for the same seed.</summary>
sealed class RandomRules(int seed)
{
    static readonly string[] Levels = ["Metadata", "Request", "RequestResponse"];
    static readonly string[] Verbs = ["get", "create", "patch", "delete", "<b>"];
    static readonly string[] Users = ["ann", "bob", "system:node:a", ""];
    static readonly string[] Groups = ["devs", "ops", "system:masters"];
    static readonly string[] Spaces = ["shop", "kube-system", ""];
    static readonly string[] Resources = ["pods", "roles", "secrets"];
    static readonly string[] Parts = ["", "", "exec", "log"];
    static readonly string[] Words = ["a", "ab", "b", "1", "true", "10.0.0.1", "x/app", "x/other", ""];
    static readonly string[] Names = ["spec", "a", "b", "containers", "image", "template"];
    static readonly string[] Codes = ["2", "4", "200", "201", "403", "odd"];
    static readonly string[] KnownPaths =
    [
        "user.username", "impersonatedUser.username", "impersonatedUser.groups", "impersonatedUser.a", "objectRef.resource", "objectRef.subresource",
        "objectRef.name", "responseStatus.code", "responseStatus.code", "requestURI",
    ];

    static readonly FieldOperator[] Operators = Enum.GetValues<FieldOperator>();

    readonly Random chance = new(seed);

    public JsonObject Event()
    {
        var audit = new JsonObject
        {
            ["kind"] = "Event",
            ["level"] = One(Levels),
            ["stage"] = One(["ResponseStarted", "ResponseComplete", "ResponseComplete"]),
            ["verb"] = One(Verbs),
            ["requestURI"] = One(["/healthz", "/api/v1/pods?x=y", "/metrics"]),
            ["user"] = new JsonObject { ["username"] = One(Users), ["groups"] = new JsonArray([.. Some(Groups).Select(group => JsonValue.Create(group))]) },
            ["sourceIPs"] = new JsonArray(One(Words)),
        };
        if (In(4, 5))
            audit["objectRef"] = new JsonObject { ["resource"] = One(Resources), ["namespace"] = One(Spaces), ["name"] = One(Words), ["apiGroup"] = One(["", "apps"]), ["subresource"] = One(Parts) };
        if (In(4, 5))
            audit["responseStatus"] = new JsonObject { ["code"] = One<JsonNode?>([200, 201, 403, 404, 409, 500, "403", "odd", null]) };
        if (In(1, 4))
            audit["impersonatedUser"] = In(1, 4) ? null : new JsonObject { ["username"] = One([.. Users, null]), ["groups"] = new JsonArray(One(Groups)) };
        if (In(2, 3))
            audit["requestObject"] = In(1, 4) ? new JsonArray(new JsonObject { ["op"] = "add", ["a"] = Node(1) }) : Body();
        if (In(2, 3))
            audit["responseObject"] = Body();
        if (In(1, 4))
            audit["annotations"] = new JsonObject { ["audit.k8s.io/truncated"] = One(["true", "true", "false"]) };
        return audit;
    }

    public DetectionRule Rule(string name = "some-rule") => Detecting.Rule(Match(0), name) with
    {
        Stages = One<AuditStage[]>([[AuditStage.ResponseComplete], [AuditStage.ResponseStarted, AuditStage.ResponseComplete]]),
        Exceptions = In(2, 3) ? new() : new()
        {
            Users = In(1, 4) ? [One(["ann", "system:*", "*"])] : [],
            UserGroups = In(1, 4) ? [One(["devs", "sys*"])] : [],
            Namespaces = In(1, 4) ? [One(["shop", "kube-*"])] : [],
            Images = In(1, 2) ? [One(["x/app", "x/*", "a"])] : [],
        },
    };

    // A match is about objects or about paths.
    public Match Match(int depth) => In(1, 10)
        ? Rest(depth) with { NonResourceURLs = [One(["/healthz", "/api*", "*"])] }
        : Rest(depth) with
        {
            Namespaces = In(1, 6) ? Some(Spaces) : [],
            Resources = In(1, 4) ? [.. Enumerable.Range(0, chance.Next(1, 3)).Select(_ => OfResources())] : [],
        };

    Match Rest(int depth) => new()
    {
        Verbs = In(1, 3) ? Some(Verbs) : [],
        Users = In(1, 6) ? Some(Users) : [],
        UserGroups = In(1, 6) ? Some(Groups) : [],
        Fields = [.. Enumerable.Range(0, chance.Next(3)).Select(_ => Condition(0))],
        Any = Branches(depth),
        All = Branches(depth),
        None = Branches(depth),
    };

    IReadOnlyList<Match> Branches(int depth) => depth < 2 && In(1, 4) ? [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => Match(depth + 1))] : [];

    GroupResources OfResources() => new()
    {
        Group = One(["", "*", "apps"]),
        Resources = In(1, 5) ? [] : Some([.. Resources, "pods/exec", "pods/*", "*/log", "*", "pods/"]),
    };

    MatchCondition Condition(int depth)
    {
        if (depth == 0 && In(1, 6))
            return Test(One(KnownPaths));

        var path = depth == 0 ? One(["requestObject", "responseObject", "object", "podSpec", "container", "user", "sourceIPs", "objectRef", "verb"]) : One(Names);
        for (var step = chance.Next(4); step > 0; step--)
            path += One([.. Names.Select(name => $".{name}"), "[*]", "[*]", "[0]", "[1]"]);
        if (depth < 2 && In(1, 4))
            return new() { Path = path, Where = [.. Enumerable.Range(0, chance.Next(1, 3)).Select(_ => Condition(depth + 1))] };

        return Test(path);
    }

    MatchCondition Test(string path)
    {
        var fieldOperator = One(Operators);
        return new()
        {
            Path = path,
            Operator = fieldOperator,
            Values = fieldOperator switch
            {
                FieldOperator.Exists => One<string[]>([[], ["true"], ["false"]]),
                FieldOperator.IsNull => [],
                FieldOperator.LongerThan => [One(["0", "2", "5", "12"])],
                FieldOperator.InCIDR => ["10.0.0.0/8"],
                FieldOperator.EqualsField or FieldOperator.NotEqualsField =>
                    Some([.. KnownPaths, "object.spec.a", "requestObject[*]", "responseObject.a", "container.image", "user.groups[*]"]),
                FieldOperator.Matches => [One(["^a", "b$", "x/.*p"])],
                _ => Some([.. Words, .. Users, .. Codes, .. Resources, .. Parts]),
            },
        };
    }

    // Pods and templates now and then, so that exceptions of images have something to look at.
    JsonNode? Body() => In(1, 2) ? Node(0) : new JsonObject
    {
        ["spec"] = In(1, 2) ? Containers() : new JsonObject { ["template"] = new JsonObject { ["spec"] = Containers() } },
    };

    JsonObject Containers() => new()
    {
        [One(["containers", "initContainers"])] = new JsonArray([.. Enumerable.Range(0, chance.Next(3)).Select(_ => new JsonObject { ["image"] = One(["x/app", "x/other", "a"]) })]),
    };

    JsonNode? Node(int depth) => chance.Next(depth > 3 ? 4 : 8) switch
    {
        0 => JsonValue.Create(chance.Next(3)),
        1 => JsonValue.Create(In(1, 2)),
        2 => null,
        3 => JsonValue.Create(One(Words)),
        4 => new JsonArray([.. Enumerable.Range(0, chance.Next(4)).Select(_ => Node(depth + 1))]),
        _ => new JsonObject(Some(Names).Distinct().Select(name => KeyValuePair.Create(name, Node(depth + 1)))),
    };

    public bool In(int so, int outOf) => chance.Next(outOf) < so;

    public T One<T>(T[] all) => all[chance.Next(all.Length)];

    string[] Some(string[] all) => chance.GetItems(all, chance.Next(1, 4));
}
