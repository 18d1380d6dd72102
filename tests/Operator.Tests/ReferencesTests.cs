using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>ConfigMaps and Secrets that a Trail names: there or not, fit or not, and changed.</summary>
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
        await world.ApplyAsync(
            trail with { Spec = trail.Spec with { Encryption = new() { Type = EncryptionType.Envelope, Envelope = envelope } } });
        await RefusedAsync("ConfigMapNotFound",
            "spec.encryption.envelope.recipients[0] names ConfigMap clustertrail-system/auditors, which does not exist; create it.");

        await PutAsync("auditors", "another.pem", PublicKey());
        await RefusedAsync(
            "KeyNotFound", "names the key auditor.pub.pem of ConfigMap clustertrail-system/auditors, which has only another.pem.");
        await PutAsync("auditors", "auditor.pub.pem", "no key");
        await RefusedAsync("InvalidReference",
            "spec.encryption.envelope.recipients[0] names the key auditor.pub.pem of ConfigMap clustertrail-system/auditors: ");
        await PutAsync("auditors", "auditor.pub.pem", PublicKey());
        await world.HasConditionAsync("Accepted", "True", "Valid");
        var before = await HashAsync();

        await PutAsync("auditors", "auditor.pub.pem", PublicKey());

        await Eventually.HoldsAsync(
            "the pods are to be replaced", async () => await HashAsync() is { } after && after != before, Cancellation);
    }

    [Fact]
    public async Task AuthoritiesMustBeCertificates()
    {
        world.StartOperator();
        var trail = Some.Trail();
        var sink = trail.Spec.Sink with { S3 = trail.Spec.Sink.S3! with { CaBundle = new() { ConfigMapName = "store-ca" } } };
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Sink = sink } });

        await PutAsync("store-ca", "ca.crt", PublicKey());

        await RefusedAsync("InvalidReference",
            "spec.sink.s3.caBundle names the key ca.crt of ConfigMap clustertrail-system/store-ca: it holds no certificate in PEM.");
    }

    [Fact]
    public async Task RuleFilesAreWaitedForCheckedAndWhenTheyChangeOnlyTheFileDoes()
    {
        world.StartOperator();
        var trail = Some.Trail();
        await world.ApplyAsync(
            trail with { Spec = trail.Spec with { Detections = new() { RuleFiles = [new() { ConfigMapName = "my-rules" }] } } });
        await RefusedAsync("ConfigMapNotFound",
            "spec.detections.ruleFiles[0] names ConfigMap clustertrail-system/my-rules, which does not exist; create it.");

        await PutAsync("my-rules", "other.yaml", Rules("low"));
        await RefusedAsync("KeyNotFound", "names the key rules.yaml of ConfigMap clustertrail-system/my-rules, which has only other.yaml.");
        await PutAsync("my-rules", "rules.yaml", Rules("grave"));
        await RefusedAsync(
            "InvalidReference",
            "spec.detections.ruleFiles[0]: ConfigMap clustertrail-system/my-rules, rules.yaml: rules[0].severity is \"grave\"; allowed: "
                + "info, low, medium, high, critical.");
        await PutAsync("my-rules", "rules.yaml", Rules("low"));
        await world.HasConditionAsync("Accepted", "True", "Valid");
        var before = await TemplateAsync();

        await PutAsync("my-rules", "rules.yaml", Rules("critical"));
        await Eventually.HoldsAsync(
            "the file is another",
            async () => (await world.FileAsync("detections.json"))?.Contains("\"critical\"", StringComparison.Ordinal) == true,
            Cancellation);

        Assert.Equal(before, await TemplateAsync());
        await PutAsync("my-rules", "rules.yaml", "rules: [");
        await world.HasConditionAsync("Accepted", "False", "InvalidReference");
        Assert.Contains("\"critical\"", await world.FileAsync("detections.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesOfRulesAreHeldAgainstTheFile()
    {
        world.StartOperator();
        var trail = Some.Trail();
        await PutAsync("my-rules", "rules.yaml", Rules("low"));

        await world.ApplyAsync(
            trail with
            {
                Spec = trail.Spec with
                {
                    Detections = new() { Disable = ["mine", "not-there"], RuleFiles = [new() { ConfigMapName = "my-rules" }] },
                },
            });

        await RefusedAsync("InvalidSpec", "spec.detections.disable[1] is \"not-there\"; allowed: the name of a rule;");
    }

    [Fact]
    public async Task AWebhooksSecretIsWaitedForAndNeitherItNorItsAuthoritiesReplaceThePods()
    {
        world.StartOperator();
        var trail = Some.Trail();
        var webhook = new TrailWebhook
        {
            Url = "https://hooks.example.com",
            Secret = new() { Name = "signing" },
            CaBundle = new() { ConfigMapName = "hooks-ca" },
        };
        await PutAsync("hooks-ca", "ca.crt", Certificate());
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Notifications = new() { Webhook = webhook } } });
        await RefusedAsync("SecretNotFound",
            "spec.notifications.webhook.secret names Secret clustertrail-system/signing, which does not exist; create it.");

        await PutSecretAsync("signing", "other");
        await RefusedAsync("KeyNotFound",
            "spec.notifications.webhook.secret needs the key secret of Secret clustertrail-system/signing, which has only other.");
        await PutSecretAsync("signing", "secret");
        await world.HasConditionAsync("Accepted", "True", "Valid");
        await world.HasConditionAsync("Notifying", "Unknown", "NothingSent");
        var before = await HashAsync();

        await PutSecretAsync("signing", "secret", "another");
        await PutAsync("hooks-ca", "ca.crt", Certificate());
        await Task.Delay(500, Cancellation);
        Assert.Equal(before, await HashAsync());
        await PutAsync("hooks-ca", "ca.crt", "none");
        await world.HasConditionAsync("Accepted", "False", "InvalidReference");
    }

    static string Rules(string severity) =>
        $"rules: [{{ name: mine, severity: {severity}, group: g, description: Mine., match: {{ verbs: [get] }} }}]";

    static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=hooks", key, HashAlgorithmName.SHA256).CreateSelfSigned(Some.Noon, Some.Noon.AddYears(1))
            .ExportCertificatePem();
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

    async Task<string?> TemplateAsync() =>
        (await world.FindAsync("daemonsets", "clustertrail-main-apiserver"))?["template"]?.ToJsonString();

    Task<V1ObjectMeta> PutSecretAsync(string name, string key, string value = "value") => world.User.ApplyAsync(
        new(ResourceType.Of<V1Secret>(), new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Some.Namespace },
            ["data"] = new JsonObject { [key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value)) },
        }),
        Cancellation);

    async Task<string?> HashAsync() =>
        (string?)(
            await world.FindAsync(
                "daemonsets", "clustertrail-main-apiserver"))?["template"]?["metadata"]?["annotations"]?["clustertrail.io/references-hash"];

    Task<V1ObjectMeta> PutAsync(string name, string key, string text) => world.User.ApplyAsync(
        new(ResourceType.Of<V1ConfigMap>(), new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Some.Namespace },
            ["data"] = new JsonObject { [key] = text },
        }),
        Cancellation);
}
