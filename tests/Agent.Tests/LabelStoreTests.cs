using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>The labels of pods that the operator sends.</summary>
public sealed class LabelStoreTests : IDisposable
{
    const string Uid = "8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    const string Nonce = "0123456789abcdef";

    static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();

    public LabelStoreTests() => time.Set(Noon - time.GetUtcNow());

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsSentIsKnownAlsoAfterARestart()
    {
        Assert.Null(New().Take(Body(Noon, "one")));

        var known = New().Current;

        Assert.Equal(("hash-one", "one"), (known.Hash, known.Of(Uid)!["app"]));
        Assert.Null(known.Of("another"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Join("labels.json")));
    }

    [Fact]
    public void LabelsOfNamespacesAreKnownAlsoAfterARestart()
    {
        Assert.False(New().Tags.TryNamespace("shop"u8, out _));
        var handover = JsonSerializer.Deserialize(Body(Noon, "one"), LabelsJson.Default.LabelsHandover)! with
        {
            Namespaces = [new("shop", new Dictionary<string, string> { ["team"] = "web" })],
            Owners =
            [
                new([Uid]) { Owner = new("jobs", "shop", "nightly", new Dictionary<string, string>()) }, new(["alone"]),
            ],
        };
        Assert.Null(New().Take(JsonSerializer.SerializeToUtf8Bytes(handover, LabelsJson.Default.LabelsHandover)));

        Assert.True(New().Tags.TryNamespace("shop"u8, out var item));
        Assert.Equal("""{"resource":"namespaces","name":"shop","tags":{"team":"web"}}""", Encoding.UTF8.GetString(item));
        Assert.Equal((1, 2), (New().Tags.Namespaces, New().Tags.Pods));
        Assert.True(New().Tags.TryOwner(Encoding.UTF8.GetBytes(Uid), out var owner));
        Assert.Equal("""{"resource":"jobs","namespace":"shop","name":"nightly","tags":{}}""", Encoding.UTF8.GetString(owner));
        Assert.True(New().Tags.TryOwner("alone"u8, out var none) && none.IsEmpty);
        Assert.False(New().Tags.TryOwner("other"u8, out _));
    }

    [Fact]
    public void ALabelThatTheTrailNoLongerNamesIsNotKnownAfterTheRestart()
    {
        var labels = new Dictionary<string, string> { ["team"] = "web", ["customer"] = "acme" };
        var handover = JsonSerializer.Deserialize(Body(Noon, "one"), LabelsJson.Default.LabelsHandover)! with
        {
            Namespaces = [new("shop", labels)],
            Owners = [new([Uid]) { Owner = new("jobs", "shop", "nightly", labels) }],
        };
        var both = new EnrichmentConfiguration { NamespaceLabels = ["team", "customer"], OwnerLabels = ["team", "customer"] };
        Assert.Null(New(both).Take(JsonSerializer.SerializeToUtf8Bytes(handover, LabelsJson.Default.LabelsHandover)));
        Assert.Equal("""{"customer":"acme","team":"web"}""", OfNamespace(New(both)));

        var later = New(new() { NamespaceLabels = ["team"], OwnerLabels = ["customer"] });

        Assert.Equal("""{"team":"web"}""", OfNamespace(later));
        Assert.True(later.Tags.TryOwner(Encoding.UTF8.GetBytes(Uid), out var item));
        Assert.Equal("""{"customer":"acme"}""", JsonNode.Parse(item)!["tags"]!.ToJsonString());

        static string OfNamespace(LabelStore store) =>
            store.Tags.TryNamespace("shop"u8, out var item) ? JsonNode.Parse(item)!["tags"]!.ToJsonString() : "";
    }

    [Fact]
    public void WhatIsOlderOrForAnotherChangesNothing()
    {
        var store = New();
        store.Take(Body(Noon, "one"));

        Assert.Equal("older than what is known", store.Take(Body(Noon, "two")));
        Assert.Equal("meant for another agent", store.Take(Body(Noon.AddSeconds(1), "two", trail: "other")));
        Assert.Equal("meant for another agent", store.Take(Body(Noon.AddSeconds(1), "two", node: "cp-2")));
        Assert.Equal("not labels of pods and namespaces", store.Take("{}"u8));
        Assert.Equal("not labels of pods and namespaces", store.Take("oops"u8));
        Assert.Equal("one", store.Current.Of(Uid)!["app"]);
        Assert.Equal("older than what is known", New().Take(Body(Noon, "two")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("oops")]
    [InlineData("""{"trail":"other"}""")]
    [InlineData("null")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[null]}""")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[{"uid":"u","labels":{"app":null}}]}""")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[{"uid":null,"labels":{}}]}""")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[],"namespaces":[null]}""")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[],"namespaces":[{"name":"shop","labels":{"team":null}}]}""")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[],"owners":[{"owner":{"resource":"jobs","namespace":"shop","name":null,"labels":{}},"pods":[]}]}""")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h","pods":[],"owners":[{"owner":null,"pods":[null]}]}""")]
    public void WhatIsDamagedIsNoneInAFileAndInARequest(string content)
    {
        Assert.NotNull(New().Take(Encoding.UTF8.GetBytes(content)));
        File.WriteAllText(folder.Join("labels.json"), content);

        var store = New();

        Assert.Null(store.Current.Hash);
        Assert.Null(store.Take(Body(Noon, "one")));
    }

    [Fact]
    public void AClockThatIsAheadKeepsNothingOut()
    {
        Assert.Equal("of a time that is yet to come", New().Take(Body(Noon.AddMinutes(2), "one")));
        Assert.Null(New().Take(Body(Noon.AddSeconds(30), "two")));
        time.Set(TimeSpan.FromHours(-1));

        // A file of an hour ahead is none.
        Assert.Null(New().Current.Hash);
        Assert.Null(New().Take(Body(Noon.AddHours(-1), "three")));
    }

    [Fact]
    public void OnlyWhoHasTheTrailsKeyIsHeard()
    {
        var key = Encoding.ASCII.GetBytes(new string('k', 32));
        File.WriteAllBytes(folder.Join("key"), key);
        var store = New();
        var page = new LabelsExchange(store, new StatusKey(folder.Join("key"))).Page!;
        var body = Body(Noon, "one");

        Assert.Equal(403, Status(null));
        Assert.Equal(403, Status(ExecSignature.Sign(key, ExecSignature.Handover, Nonce, body)));
        Assert.Equal(405, page.Answer(new(false, "", Nonce, null, default)).Page.StatusCode);
        Assert.Null(store.Current.Hash);
        Assert.Equal(200, Status(ExecSignature.Sign(key, LabelsHandover.Purpose, Nonce, body)));
        Assert.Equal(409, Status(ExecSignature.Sign(key, LabelsHandover.Purpose, Nonce, body)));
        Assert.Equal("hash-one", store.Current.Hash);
        Assert.Null(new LabelsExchange(store, new StatusKey(null)).Page);

        int Status(string? signature) => page.Answer(new ExchangeRequest(true, "", Nonce, signature, body)).Page.StatusCode;
    }

    LabelStore New(EnrichmentConfiguration? asked = null) =>
        new(folder.Join("labels.json"), Some.Origin, () => { }, time, asked ?? new() { NamespaceLabels = ["team"], OwnerLabels = ["app"] });

    static byte[] Body(DateTimeOffset at, string app, string trail = "main", string node = "cp-1") => JsonSerializer.SerializeToUtf8Bytes(
        new()
        {
            Trail = trail,
            Node = node,
            At = at,
            Hash = $"hash-{app}",
            Pods = [new(Uid, new Dictionary<string, string> { ["app"] = app })],
        },
        LabelsJson.Default.LabelsHandover);
}
