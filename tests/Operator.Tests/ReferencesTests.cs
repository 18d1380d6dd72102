using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Tests;

/// <summary>ConfigMaps that a Trail names: there or not, fit or not, and changed.</summary>
public sealed class ReferencesTests : IAsyncDisposable
{
    readonly OperatorWorld world = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task RecipientsAreWaitedForCheckedAndWhenTheyChangeThePodsAreReplaced()
    {
        world.StartOperator();
        var trail = Some.Trail();
        var envelope = new TrailEnvelope { Recipients = [new() { ConfigMapName = "auditors", Key = "auditor.pub.pem" }] };
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Encryption = new() { Type = EncryptionType.Envelope, Envelope = envelope } } });
        await RefusedAsync("ConfigMapNotFound", "spec.encryption.envelope.recipients[0] names ConfigMap clustertrail-system/auditors, which does not exist; create it.");

        await PutAsync("auditors", "another.pem", PublicKey());
        await RefusedAsync("KeyNotFound", "names the key auditor.pub.pem of ConfigMap clustertrail-system/auditors, which has only another.pem.");
        await PutAsync("auditors", "auditor.pub.pem", "no key");
        await RefusedAsync("InvalidReference", "spec.encryption.envelope.recipients[0] names the key auditor.pub.pem of ConfigMap clustertrail-system/auditors: ");
        await PutAsync("auditors", "auditor.pub.pem", PublicKey());
        await world.HasConditionAsync("Accepted", "True", "Valid");
        var before = await HashAsync();

        await PutAsync("auditors", "auditor.pub.pem", PublicKey());

        await Eventually.HoldsAsync("the pods are to be replaced", async () => await HashAsync() is { } after && after != before, Cancellation);
    }

    [Fact]
    public async Task AuthoritiesMustBeCertificates()
    {
        world.StartOperator();
        var trail = Some.Trail();
        var sink = trail.Spec.Sink with { S3 = trail.Spec.Sink.S3! with { CaBundle = new() { ConfigMapName = "store-ca" } } };
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Sink = sink } });

        await PutAsync("store-ca", "ca.crt", PublicKey());

        await RefusedAsync("InvalidReference", "spec.sink.s3.caBundle names the key ca.crt of ConfigMap clustertrail-system/store-ca: it holds no certificate in PEM.");
    }

    static string PublicKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    async Task RefusedAsync(string reason, string part)
    {
        await world.HasConditionAsync("Accepted", "False", reason);
        var condition = (await world.TrailAsync()).Status!.Conditions!.Single(condition => condition.Type == "Accepted");
        Assert.Contains(part, condition.Message, StringComparison.Ordinal);
        Assert.Null(await world.FindAsync("daemonsets", "clustertrail-main-apiserver"));
    }

    async Task<string?> HashAsync() =>
        (string?)(await world.FindAsync("daemonsets", "clustertrail-main-apiserver"))?["template"]?["metadata"]?["annotations"]?["clustertrail.io/references-hash"];

    Task<ObjectMeta> PutAsync(string name, string key, string text) => world.User.ApplyAsync(
        new(ConfigMap.Definition, new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Some.Namespace },
            ["data"] = new JsonObject { [key] = text },
        }),
        Cancellation);
}
