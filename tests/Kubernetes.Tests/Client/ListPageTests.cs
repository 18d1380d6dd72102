using ClusterTrail.Kubernetes.Client;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Kubernetes.Tests.Client;

/// <summary>Pages of lists, read as they come.</summary>
public sealed class ListPageTests
{
    const string Page = """{"metadata":{"resourceVersion":"9","continue":"more"},"kind":"List","items":[{"metadata":{"name":"a","namespace":"n","resourceVersion":"1"},"data":{"k":"v"}},{"metadata":{"name":"b","namespace":"n","resourceVersion":"2"}}]}""";

    readonly RecordingLog<KubernetesCluster> log = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task APageInPiecesIsTheSame(int piece)
    {
        await using var api = await ApiStub.StartAsync(InPieces(Page, piece));

        var page = await ListAsync(api, map => map);

        Assert.Equal(["a", "b"], page.Items.Select(map => map.Metadata.Name));
        Assert.Equal(("9", "more", (long)Page.Length), (page.ResourceVersion, page.Continue, page.Bytes));
    }

    [Fact]
    public async Task WhatIsNotKeptIsNotThere()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json(Page));

        var page = await ListAsync(api, map => map.Metadata.Name == "a" ? map with { Data = null } : null);

        Assert.Null(Assert.Single(page.Items).Data);
    }

    [Fact]
    public async Task APageThatBreaksOffIsReadAgain()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json(Page[..100]), ApiStub.Json(Page));

        var page = await ListAsync(api, map => map);

        Assert.Equal(2, page.Items.Count);
        Assert.Equal(2, api.Requests.Count);
    }

    [Theory]
    [InlineData(20, 100, 40)]
    [InlineData(400, 100, 500)]
    [InlineData(20, 2 << 20, 20)]
    [InlineData(20, 40 << 20, 2)]
    [InlineData(1, 40 << 20, 1)]
    [InlineData(500, 0, 500)]
    public void TheNextPageFitsTheSizeOfTheObjects(int limit, long bytes, int next) => Assert.Equal(next, PageSize.After(limit, bytes));

    async Task<ResourcePage<V1ConfigMap>> ListAsync(ApiStub api, Func<V1ConfigMap, V1ConfigMap?> keep)
    {
        using var client = api.Client(log);
        return await client.ListAsync(ResourceType.Of<V1ConfigMap>(), new("n"), keep, Cancel);
    }

    static RequestDelegate InPieces(string json, int piece) => async context =>
    {
        for (var at = 0; at < json.Length; at += piece)
        {
            await context.Response.WriteAsync(json[at..Math.Min(json.Length, at + piece)]);
            await context.Response.Body.FlushAsync();
        }
    };
}
