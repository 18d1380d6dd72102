using System.Text.Json;
using ClusterTrail.Kubernetes.Tests.Client;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Kubernetes.Tests.Library;

/// <summary>What KubernetesClient makes of lists, watches and objects, and why <see cref="Kubernetes.Client"/> does. See <see
/// cref="KubeconfigFactsTests"/>.</summary>
public sealed class RequestFactsTests
{
    const string Added =
        """{"type":"ADDED","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"n","resourceVersion":"5"}}}"""
        + "\n";
    const string Gone =
        """{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":410,"reason":"Expired","message":"too old"}}""" + "\n";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneOddObjectFailsAWholeList()
    {
        await using var api = await ApiStub.StartAsync(
            ApiStub.Json("""{"items":[{"metadata":{"name":"odd"},"data":[]},{"metadata":{"name":"a"}}]}"""));
        using var client = ClientOf(api);

        await Assert.ThrowsAsync<JsonException>(() => client.CoreV1.ListNamespacedConfigMapAsync("n", cancellationToken: Cancel));
    }

    [Fact]
    public async Task AWatchThatIsTooOldEndsAsIfAllWereWell()
    {
        await using var api = await ApiStub.StartAsync(Stream(Added + Gone));
        using var client = ClientOf(api);

        var seen = await ReadAsync(client, onError: null);

        Assert.Single(seen);
    }

    [Fact]
    public async Task ACutLineIsAnErrorLikeAnOddObject()
    {
        await using var api = await ApiStub.StartAsync(Stream(Added + Added[..40]));
        using var client = ClientOf(api);
        var errors = new List<Exception>();

        await ReadAsync(client, errors.Add);

        Assert.IsType<JsonException>(Assert.Single(errors));
    }

    [Fact]
    public async Task AQuietWatchThatEndsIsAnError()
    {
        await using var api = await ApiStub.StartAsync(Stream(""));
        using var client = ClientOf(api);

        await Assert.ThrowsAsync<HttpRequestException>(() => ReadAsync(client, onError: null));
    }

    [Fact]
    public void AMicroTimeOfAWholeSecondHasNoFraction()
    {
        var spec = new V1LeaseSpec { RenewTime = new DateTime(2026, 11, 22, 5, 36, 0, DateTimeKind.Utc) };

        Assert.Equal("""{"renewTime":"2026-11-22T05:36:00Z"}""", k8s.KubernetesJson.Serialize(spec));
        Assert.Equal("""{"renewTime":"2026-11-22T05:36:00.000000Z"}""", JsonSerializer.Serialize(spec, KubernetesJson.Options));
    }

    [Fact]
    public void AModelForgetsWhatItDoesNotKnow() => Assert.DoesNotContain(
        "newField", k8s.KubernetesJson.Serialize(k8s.KubernetesJson.Deserialize<V1Toleration>("""{"key":"a","newField":"b"}""")),
        StringComparison.Ordinal);

    [Fact]
    public void AModelDoesNotMissItsName() => Assert.Null(k8s.KubernetesJson.Deserialize<V1ConfigMap>("{}").Metadata);

    static k8s.Kubernetes ClientOf(ApiStub api) =>
        new(new k8s.KubernetesClientConfiguration { Host = $"{api.Address}", SslCaCerts = [api.Authority.Root], AccessToken = "t" });

    static RequestDelegate Stream(string lines) => context => context.Response.WriteAsync(lines);

    static async Task<List<k8s.WatchEventType>> ReadAsync(k8s.Kubernetes client, Action<Exception>? onError)
    {
        var seen = new List<k8s.WatchEventType>();
        await foreach (var (type, _) in client.CoreV1.WatchListNamespacedConfigMapAsync("n", onError: onError, cancellationToken: Cancel))
            seen.Add(type);
        return seen;
    }
}
