using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Trails.Tests.Files;

/// <summary>What is wrong with what Trails and TrailSelectors say of workloads, in the field names of the resource.</summary>
public sealed class WorkloadProblemsTests
{
    [Theory]
    [InlineData("""{ "output": {} }""", "spec.workloads[0] has neither namespaces nor namespaceSelector; allowed: one of the two.")]
    [InlineData(
        """{ "namespaces": ["a"], "namespaceSelector": {}, "output": {} }""",
        "spec.workloads[0] has both namespaces and namespaceSelector; allowed: one of the two.")]
    [InlineData("""{ "namespaces": ["a"] }""", "spec.workloads[0] asks for nothing; allowed: output, or processes: true.")]
    [InlineData(
        """{ "namespaces": ["a"], "processes": true, "containers": ["B"] }""",
        "spec.workloads[0].containers[0] is \"B\"; allowed: a name of a-z, 0-9, '-' and '.', with * for any characters.")]
    [InlineData(
        """{ "namespaces": ["a"], "output": { "only": ["level"] } }""",
        "spec.workloads[0].output.only is given, and format is Text; allowed: format JSON, because only a JSON object has members.")]
    [InlineData(
        """{ "namespaces": ["a"], "output": { "format": "JSON", "only": ["a\"b"] } }""",
        "spec.workloads[0].output.only[0] is \"a\"b\"; allowed: the name of a member of the message itself: "
            + "1 to 128 characters without quotes and \\.")]
    [InlineData(
        """{ "namespaces": ["a"], "output": {}, "pods": { "names": ["A"] } }""",
        "spec.workloads[0].pods.names[0] is \"A\"; allowed: a name of a-z, 0-9, '-' and '.', with * for any characters.")]
    [InlineData(
        """{ "namespaces": ["a"], "output": {}, "pods": { "matchExpressions": [{ "key": "k", "operator": "In" }] } }""",
        "spec.workloads[0].pods.matchExpressions[0].values is an empty list; allowed: one value or more, because the operator is In.")]
    [InlineData(
        """{ "namespaces": ["a"], "output": { "fields": [{ "path": "user", "operator": "Exists" }] } }""",
        "spec.workloads[0].output.fields[0].path is \"user\"; allowed: message, or a path that begins with message. or message[.")]
    public void AnEntryThatIsWrongIsNamed(string workload, string sentence) =>
        Assert.Equal([sentence], TrailProblems.Of(Some.Trail().With("spec.workloads", $"[{workload}]").ToTrail()));

    [Fact]
    public void TheEntryIsCountedAmongAll()
    {
        var trail = Some.Trail().With(
            "spec.workloads",
            """[{ "namespaces": ["a"], "processes": true }, { "namespaces": ["a"], "output": {}, "containers": ["A"] }]""").ToTrail();

        Assert.StartsWith("spec.workloads[1].containers[0] is \"A\";", Assert.Single(TrailProblems.Of(trail)), StringComparison.Ordinal);
    }

    [Fact]
    public void AgentsOfBothKindsNeedFoldersOfTheirOwn()
    {
        var trail = Some.Trail().With("spec.workloadAgent.stateDirectory", "\"/var/lib/clustertrail\"").ToTrail();

        Assert.Contains("another folder than spec.agent.stateDirectory", Assert.Single(TrailProblems.Of(trail)), StringComparison.Ordinal);
    }

    [Fact]
    public void ATrailSelectorAsksForSomething()
    {
        var nothing = Some.Selector().With("spec", """{ "trail": "main" }""").ToSelector();
        var wrong = Some.Selector().With("spec", """{ "trail": "main", "workloads": [{}] }""").ToSelector();

        Assert.Equal(
            ["spec.rules and spec.workloads are both empty; allowed: a rule, an entry of workloads, or both."], SelectorProblems.Of(nothing));
        Assert.Equal(["spec.workloads[0] asks for nothing; allowed: output, or processes: true."], SelectorProblems.Of(wrong));
    }
}
