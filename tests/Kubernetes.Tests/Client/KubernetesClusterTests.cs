using System.Diagnostics;
using System.Text.Json;
using ClusterTrail.Kubernetes.Client;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterTrail.Kubernetes.Tests.Client;

public sealed class KubernetesClusterTests
{
    const string Found = """{"metadata":{"name":"a","namespace":"n","uid":"1","resourceVersion":"5"},"data":{"k":"v"}}""";
    static readonly ObjectKey Key = new("n", "a");

    readonly RecordingLog<KubernetesCluster> log = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SpeaksHttp2AndSaysWhoItIs()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json(Found));

        await api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel);

        var seen = Assert.Single(api.Requests);
        Assert.Equal(("GET", "/api/v1/namespaces/n/configmaps/a", "HTTP/2", "Bearer t0ken", "clustertrail-tests"),
            (seen.Method, seen.Url, seen.Protocol, seen.Authorization, seen.UserAgent));
    }

    [Fact]
    public async Task SpeaksHttp1WithWhoSpeaksNothingElse()
    {
        await using var api = await ApiStub.StartAsync(HttpProtocols.Http1, ApiStub.Json(Found));

        await api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel);

        Assert.Equal("HTTP/1.1", Assert.Single(api.Requests).Protocol);
    }

    [Fact]
    public async Task AppliesUnderItsNameAndByForce()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json(Found));

        await api.Client(log).ApplyAsync(Some.ConfigMapOf(Key, ("k", "v")), Cancel);

        var seen = Assert.Single(api.Requests);
        Assert.Equal("/api/v1/namespaces/n/configmaps/a?fieldManager=tests&force=true", seen.Url);
        var sent = JsonDocument.Parse(seen.Body).RootElement;
        Assert.Equal(("v1", "ConfigMap"), (sent.GetProperty("apiVersion").GetString(), sent.GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task WhatMayPassIsTriedAgain(int code)
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(code, "Busy"), ApiStub.Refuse(code, "Busy"), ApiStub.Json(Found));

        var read = await api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel);

        Assert.Equal("v", read!.Data!["k"]);
        Assert.Equal(3, api.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(422)]
    public async Task WhatWillNotPassIsNotTriedAgain(int code)
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(code, "No"));

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => api.Client(log).ApplyAsync(Some.ConfigMapOf(Key), Cancel));

        Assert.Equal((code, "No", "Because."), (refused.Status.Code, refused.Status.Reason, refused.Status.Message));
        Assert.Equal((code == 403, code == 409, code == 422), (refused.IsForbidden, refused.IsConflict, refused.IsInvalid));
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task TriesHaveAnEnd()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(503, "Down"));

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel));

        Assert.Equal(503, refused.Status.Code);
        Assert.Equal(5, api.Requests.Count);
    }

    [Fact]
    public async Task RetryAfterIsHonoured()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(429, "TooManyRequests", retryAfter: 1), ApiStub.Json(Found));
        var clock = Stopwatch.StartNew();

        await api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel);

        Assert.InRange(clock.ElapsedMilliseconds, 990, 20_000);
    }

    [Fact]
    public async Task ACutConnectionIsTriedAgain()
    {
        await using var api = await ApiStub.StartAsync(Cut, ApiStub.Json(Found));

        Assert.NotNull(await api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel));
    }

    [Fact]
    public async Task SavingIsTriedAgainOnlyIfItWasNotBegun()
    {
        await using var busy = await ApiStub.StartAsync(ApiStub.Refuse(429, "TooManyRequests"), ApiStub.Json(Found));
        await using var unclear = await ApiStub.StartAsync(ApiStub.Refuse(503, "Down"), ApiStub.Json(Found));
        var map = new V1ConfigMap { Metadata = new() { NamespaceProperty = "n", Name = "a" } };

        await busy.Client(log).SaveAsync(map, Cancel);
        await Assert.ThrowsAsync<KubernetesException>(() => unclear.Client(log).SaveAsync(map, Cancel));

        Assert.Equal((2, 1), (busy.Requests.Count, unclear.Requests.Count));
    }

    [Fact]
    public async Task ASilentServerIsGivenUp()
    {
        await using var api = await ApiStub.StartAsync(Silence);

        var failed = await Assert.ThrowsAsync<TimeoutException>(() =>
            api.Client(log, timeout: TimeSpan.FromMilliseconds(50)).GetAsync<V1ConfigMap>(Key, Cancel));

        Assert.Equal("The API server did not answer GET /api/v1/namespaces/n/configmaps/a within 0.05 s.", failed.Message);
    }

    [Fact]
    public async Task AnAnswerThatIsNoStatusIsQuoted()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("<html>Go away</html>", 403));

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel));

        Assert.Equal("The API server answered 403 Forbidden: <html>Go away</html>", refused.Message);
    }

    [Fact]
    public async Task AnAnswerThatIsNoJsonIsSaid()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("<html>Welcome</html>"));

        var failed = await Assert.ThrowsAsync<InvalidDataException>(() => api.Client(log).GetAsync<V1ConfigMap>(Key, Cancel));

        Assert.Contains("not JSON", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnObjectThatCannotBeReadIsPassedOverInAList()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json(
            """{"metadata":{"resourceVersion":"7","continue":""},"items":[{"metadata":{"name":"odd","namespace":"n","resourceVersion":"1"},"data":[]},{"metadata":{"name":"a","namespace":"n"}}]}"""));
        using var counted = new CountedMetrics();

        var page = await api.Client(log, counted.Metrics).ListAsync<V1ConfigMap>(new(), Cancel);

        Assert.Equal(Key, Assert.Single(page.Items).Key);
        Assert.Equal(new("n", "odd"), Assert.Single(page.Undecodable));
        Assert.Equal((null, "7"), (page.Continue, page.ResourceVersion));
        Assert.Equal(1, counted.Sum("clustertrail.operator.undecodable_objects"));
        Assert.Contains("n/odd", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyListMayBeNull()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("""{"metadata":{"resourceVersion":"7"},"items":null}"""));

        Assert.Empty((await api.Client(log).ListAsync<V1ConfigMap>(new(), Cancel)).Items);
    }

    [Theory]
    [InlineData(null, "a")]
    [InlineData("n", "")]
    public async Task AKeyThatIsNoObjectIsNeverSent(string? @namespace, string name)
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json(Found));

        await Assert.ThrowsAsync<ArgumentException>(() =>
            api.Client(log).DeleteAsync(ResourceType.Of<V1ConfigMap>(), new(@namespace, name), Cancel));

        Assert.Empty(api.Requests);
    }

    internal static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    static Task Silence(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
}
