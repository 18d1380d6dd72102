using System.Text.Json;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Tests.Selectors;

namespace ClusterTrail.Rules.Tests.Explaining;

/// <summary>Detections of every part, about what happens in some events and about what does not; the same for the same seed.</summary>
sealed class RandomDetections(int seed, IReadOnlyList<JsonElement> events)
{
    static readonly string[] Paths =
    [
        "responseStatus.code", "user.username", "user.groups[*]", "sourceIPs[0]", "objectRef.name", "requestURI", "missing.path",
        "requestObject.kind", "object.metadata.name", "responseObject.kind", "object.spec.containers[*].image", "requestObject.metadata",
    ];

    static readonly string[] Values = ["200", "201", "4", "system:", "kube", "Pod", "Lease", "/api", "a"];

    readonly Random chance = new(seed);
    readonly RandomSelectors requests = new(seed, events);

    public DetectionRule Rule() => new()
    {
        Name = "rule",
        Group = "group",
        Description = "A rule.",
        Severity = DetectionSeverity.Low,
        Stages = chance.Next(3) == 0 ? [AuditStage.ResponseStarted, AuditStage.ResponseComplete] : [AuditStage.ResponseComplete],
        Match = Match(depth: 0),
        Threshold = chance.Next(4) == 0 ? new() { Count = 20, WindowSeconds = 300, By = ["user.username"] } : null,
        Exceptions = chance.Next(2) == 0 ? new() : new()
        {
            Users = Some("system:kube-*", "system:apiserver"),
            UserGroups = Some("system:masters"),
            Namespaces = Some("kube-system"),
            Images = Some("*", "registry.k8s.io/*"),
        },
    };

    Match Match(int depth)
    {
        // A request of every rule would hardly ever match three times over.
        var request = chance.Next(3 + depth) == 0 ? requests.Rule() : new() { Level = SelectorLevel.Metadata };
        return new()
        {
            Users = request.Users,
            UserGroups = request.UserGroups,
            Verbs = request.Verbs,
            Resources = request.Resources,
            Namespaces = request.Namespaces,
            NonResourceURLs = request.NonResourceURLs,
            Fields = [.. Few(2).Select(_ => Condition())],
            Any = depth == 2 ? [] : [.. Few(3).Select(_ => Match(depth + 1))],
            All = depth == 2 ? [] : [.. Few(2).Select(_ => Match(depth + 1))],
            None = depth == 2 ? [] : [.. Few(2).Select(_ => Match(depth + 1))],
        };
    }

    MatchCondition Condition() => chance.Next(8) == 0
        ? new() { Path = "object.metadata.ownerReferences[*]", Where = [new() { Path = "kind", Operator = FieldOperator.Equals, Values = ["Node", "ReplicaSet"] }] }
        : new() { Path = One(Paths), Operator = One([FieldOperator.Equals, FieldOperator.NotEquals, FieldOperator.StartsWith, FieldOperator.NotStartsWith]), Values = [One(Values)] };

    IEnumerable<int> Few(int most) => Enumerable.Range(0, chance.Next(2) == 0 ? 0 : chance.Next(1, most + 1));

    T One<T>(T[] of) => chance.GetItems(of, 1)[0];

    IReadOnlyList<string> Some(params string[] of) => chance.Next(3) == 0 ? [One(of)] : [];
}
