using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Keys;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Tests.Keys;

public sealed class KeysExportTests
{
    [Fact]
    public void TheKeyIsPrintedOnceForAllTrailsAndCanBeReadBack()
    {
        using var key = SigningKey.Generate();

        var text = KeysExport.Text([With("b", key.Public.Base64), With("a", key.Public.Base64), With("new", null)], "prod");

        Assert.StartsWith($"# The operator of prod, of the Trails a, b\n# Key id {key.Public.Id}\n-----BEGIN PUBLIC KEY-----\n", text, StringComparison.Ordinal);
        Assert.Equal(key.Public, VerifyingKey.FromPem(text[text.IndexOf("-----BEGIN", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void WithoutAKeyItIsSaid() => Assert.Contains(
        "No Trail of prod names the operator's key yet",
        Assert.Throws<TrailException>(() => KeysExport.Text([With("main", null)], "prod")).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatIsNoKeyIsNamed() => Assert.Contains(
        "status.integrity.operatorPublicKey of Trail main of prod is no key",
        Assert.Throws<TrailException>(() => KeysExport.Text([With("main", "oops")], "prod")).Message, StringComparison.Ordinal);

    static Trail With(string name, string? key) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { ClusterName = "prod", Sources = new() { ApiServer = new() { Type = ApiServerSourceType.LogFile } }, Sink = new() { Type = SinkType.S3 } },
        Status = new() { Integrity = new() { OperatorPublicKey = key } },
    };
}
