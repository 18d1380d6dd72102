using System.Security.Authentication;
using System.Text;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class ApiServersTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASliceThatSomebodyElseMadeNamesNoApiServer()
    {
        var cluster = new InMemoryCluster();
        await Slices.SaveAsync(cluster, "kubernetes", "10.0.0.2", "10.0.0.1");
        await Slices.SaveAsync(cluster, "evil-x7k2p", "0.0.0.9");

        Assert.Equal(["10.0.0.1:6443", "10.0.0.2:6443"], (await new ApiServers(cluster, null).FindAsync(Cancel)).Select(one => one.Address));
    }

    [Fact]
    public async Task WithoutTheSliceThereIsNone() => Assert.Empty(await new ApiServers(new InMemoryCluster(), null).FindAsync(Cancel));

    [Fact]
    public async Task WhatIsWrongWithACertificateIsSaid()
    {
        var one = new ApiServer("10.0.0.1", 6443);
        var servers = new ApiServers(new InMemoryCluster(), new Pages(_ => throw new HttpRequestException(
            "The SSL connection could not be established, see inner exception.",
            new AuthenticationException("The remote certificate is invalid: PartialChain"))));

        Assert.Equal(new(null, "The remote certificate is invalid: PartialChain"), (await servers.CountAsync([one], Cancel))[one]);
    }

    [Fact]
    public async Task OneThatRefusesKeepsNoOtherFromBeingCounted()
    {
        ApiServer[] all = [new("10.0.0.1", 6443), new("10.0.0.2", 6443)];
        var servers = new ApiServers(new InMemoryCluster(), new Pages(address => address == all[0].Address
            ? throw new HttpRequestException("it answers 403 to /metrics") : Pages.Of(5)));

        var counts = await servers.CountAsync(all, Cancel);

        Assert.Equal("it answers 403 to /metrics", counts[all[0]].Problem);
        Assert.Equal(5, counts[all[1]].Counters!.Events);
    }
}

/// <summary>What API servers say of themselves.</summary>
sealed class Pages(Func<string, string> pageOf) : IApiServerPages
{
    public static string Of(long events, double startedAt = 1) =>
        FormattableString.Invariant($"apiserver_audit_event_total {events}\nprocess_start_time_seconds {startedAt}\n");

    public Task<Stream> MetricsAsync(string address, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(pageOf(address))));
}

/// <summary>EndpointSlices of the Service kubernetes.</summary>
static class Slices
{
    public static Task SaveAsync(InMemoryCluster cluster, string name, params string[] addresses) => cluster.SaveAsync(
        ResourceType.Of<V1EndpointSlice>(),
        new V1EndpointSlice
        {
            Metadata = new()
            {
                Name = name,
                NamespaceProperty = "default",
                Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "kubernetes" },
            },
            AddressType = "IPv4",
            Ports = [new() { Name = "https", Port = 6443 }],
            Endpoints = [.. addresses.Select(address => new V1Endpoint { Addresses = [address] })],
        },
        TestContext.Current.CancellationToken);
}
