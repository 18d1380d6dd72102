using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Records;

/// <summary>Labels of namespaces and controllers, in records.</summary>
public sealed class EnrichmentTests
{
    const string Process =
        """{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"2026-11-26T10:00:00.000001Z","container":{"id":"0123","name":"app","namespace":"shop","pod":"cart-0","podUID":"u-1"},"process":{"executable":"/bin/sh"}}""";

    readonly ManualTime time = new();
    static readonly EnrichmentConfiguration Asked = new()
    {
        NamespaceLabels = ["team", "env", "te\"am"],
        OwnerLabels = ["app.kubernetes.io/name"],
    };

    KnownTags known = KnownTags.Of(Handover(), Asked);
    int lacking;

    [Fact]
    public void AnEventHasTheLabelsOfItsNamespace()
    {
        var record = Api("shop");

        Assert.Equal(
            """{"tagContext":{"resourceTags":[{"resource":"namespaces","name":"shop","tags":{"env":"prod","team":"web"}}]}}""",
            record["eventContext"]!.ToJsonString());
        Assert.Equal(("main", 0), ((string?)record["trail"], lacking));
    }

    [Fact]
    public void ANamespaceWithoutTheseLabelsDiffersFromOneThatIsNotKnown()
    {
        Assert.Equal("{}", Api("bare")["eventContext"]!["tagContext"]!["resourceTags"]![0]!["tags"]!.ToJsonString());
        Assert.Equal(0, lacking);
        Assert.Null(Api("new")["eventContext"]);
        Assert.Equal(1, lacking);
    }

    [Fact]
    public void BeforeTheOperatorSentAnythingEachRecordIsCounted()
    {
        known = KnownTags.None;

        Assert.Null(Api("shop")["eventContext"]);
        Assert.Null(Api("shop")["eventContext"]);
        Assert.Equal(2, lacking);
    }

    [Fact]
    public void AnEventWithoutANamespaceLacksNothing()
    {
        Assert.Null(Api(null)["eventContext"]);
        Assert.Equal(0, lacking);
    }

    [Fact]
    public void LabelsThatComeLaterChangeTheNextRecord()
    {
        known = KnownTags.None;
        var tags = Tags();
        using var recorder = new Recorder(Some.Origin, Some.Selecting(Selector.Everything, time), null, time, tags: tags);
        var before = Parse(recorder.Record(Line(Audit("shop"))));
        known = KnownTags.Of(Handover(), Asked);

        Assert.Null(before["eventContext"]);
        Assert.NotNull(Parse(recorder.Record(Line(Audit("shop"))))["eventContext"]);
    }

    [Fact]
    public void AProcessAndOutputHaveTheLabelsOfTheirController()
    {
        const string expected =
            """[{"resource":"namespaces","name":"shop","tags":{"env":"prod","team":"web"}},{"resource":"deployments","namespace":"shop","name":"cart","tags":{"app.kubernetes.io/name":"cart"}}]""";

        Assert.Equal(expected, ResourceTags(OfProcess("u-1")));
        Assert.Equal(expected, ResourceTags(OfContainer("u-1")));
        Assert.Equal(0, lacking);
    }

    [Fact]
    public void APodWithoutAControllerLacksNothingAndAnUnknownPodIsCountedOnce()
    {
        Assert.Single(OfProcess("u-alone")["eventContext"]!["tagContext"]!["resourceTags"]!.AsArray());
        Assert.Equal(0, lacking);
        Assert.Single(OfProcess("u-unknown")["eventContext"]!["tagContext"]!["resourceTags"]!.AsArray());
        known = KnownTags.None;
        Assert.Null(OfContainer("u-unknown")["eventContext"]);
        Assert.Equal(2, lacking);
    }

    [Fact]
    public void WhatIsNotAskedForIsNeitherWrittenNorCounted()
    {
        var tags = new RecordTags(new() { OwnerLabels = ["app.kubernetes.io/name"] }, () => known, more => lacking += more);
        using var recorder = new Recorder(Some.Origin, Some.Selecting(Selector.Everything, time), null, time, tags: tags);

        Assert.Null(Parse(recorder.Record(Line(Audit("shop"))))["eventContext"]);
        recorder.ReportCounts();
        Assert.Equal(0, lacking);
    }

    [Fact]
    public void ALabelWithCharactersThatJsonEscapesStaysJson()
    {
        var labels = new Dictionary<string, string> { ["te\"am"] = "a\\b\n" };
        known = KnownTags.Of(Handover() with { Namespaces = [new("shop", labels)] }, Asked);

        Assert.Equal("a\\b\n", (string?)Api("shop")["eventContext"]!["tagContext"]!["resourceTags"]![0]!["tags"]!["te\"am"]);
    }

    RecordTags Tags() => new(Asked, () => known, more => lacking += more);

    JsonNode Api(string? within)
    {
        using var recorder = new Recorder(Some.Origin, Some.Selecting(Selector.Everything, time), null, time, tags: Tags());
        var record = Parse(recorder.Record(Line(Audit(within))));
        recorder.ReportCounts();
        return record;
    }

    JsonNode OfProcess(string uid)
    {
        using var recorder = new ProcessRecorder(Some.Origin, null, time, tags: Tags());
        var record = Parse(recorder.Record(Line(Process.Replace("u-1", uid, StringComparison.Ordinal))));
        recorder.ReportCounts();
        return record;
    }

    JsonNode OfContainer(string uid)
    {
        using var recorder = new ContainerRecorder(Some.Origin, time, Tags());
        var written = new ContainerLine();
        written.Set(new("shop", "cart-0", uid, "app", [new(new() { Namespaces = ["shop"] })]), "2026-11-26T10:00:00.1Z"u8, false, 5, false);
        var record = Parse(recorder.Record(new("hello"u8.ToArray(), Some.Position, null, container: written)));
        recorder.ReportCounts();
        return record;
    }

    static string ResourceTags(JsonNode record) => record["eventContext"]!["tagContext"]!["resourceTags"]!.ToJsonString();

    static SourceLine Line(string text) => new(Encoding.UTF8.GetBytes(text), Some.Position, null);

    static JsonNode Parse(RecordedLine recorded) => JsonNode.Parse(recorded.Record)!;

    static string Audit(string? within)
    {
        var about = within is null ? """{"resource":"nodes","name":"cp-1"}""" : $$"""{"resource":"pods","namespace":"{{within}}","name":"p"}""";
        return """{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"1","stage":"ResponseComplete","verb":"get","user":{"username":"eve"},"objectRef":"""
            + about + ""","requestReceivedTimestamp":"2026-11-26T10:00:00.000001Z","stageTimestamp":"2026-11-26T10:00:00.000001Z"}""";
    }

    static LabelsHandover Handover()
    {
        var owner = new LabelledOwner("deployments", "shop", "cart", new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cart" });
        return new()
        {
            Trail = "main",
            Node = "cp-1",
            At = DateTimeOffset.UnixEpoch,
            Hash = "hash",
            Pods = [],
            Owners = [new(["u-1"]) { Owner = owner }, new(["u-alone"])],
            Namespaces =
            [
                new("shop", new Dictionary<string, string> { ["team"] = "web", ["env"] = "prod" }), new("bare", new Dictionary<string, string>()),
            ],
        };
    }
}
