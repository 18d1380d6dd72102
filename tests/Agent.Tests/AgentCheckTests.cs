using ClusterTrail.Agent.Tests.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

public sealed class AgentCheckTests : IDisposable
{
    readonly AgentFolder folder = new();

    string ConfigPath => Path.Combine(folder.Root, "agent.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AValidConfigurationIsAcceptedAndNothingIsMade()
    {
        Check(folder.Configuration);

        Assert.False(Path.Exists(folder.StatePath));
        Assert.False(Path.Exists(folder.ArchivePath));
    }

    [Fact]
    public void EverythingThatIsWrongIsFoundAtOnce()
    {
        File.WriteAllText(folder.StatePath, "a file");
        File.WriteAllText(Join("selectors.json"), "{");
        File.CreateSymbolicLink(Join("auditor.pem"), "/dev/zero");
        File.CreateSymbolicLink(Join("detections.json"), "/dev/null");
        File.WriteAllText(Join("secret"), "");
        var refusal = Refusal(folder.Configuration with
        {
            Selectors = "selectors.json",
            Detections = "detections.json",
            Encryption = new() { Type = EncryptionType.Envelope, Envelope = new() { RecipientPaths = ["auditor.pem"] } },
            Notifications = new() { Webhook = new() { Url = "https://receiver", SecretPath = Join("secret") } },
            Sink = new()
            {
                Type = SinkType.S3,
                S3 = new()
                {
                    Bucket = "trail",
                    Region = "eu-central-1",
                    Credentials = new()
                    {
                        Type = S3CredentialsType.Static,
                        Static = new() { AccessKeyIdPath = Join("missing"), SecretAccessKeyPath = Join("missing") },
                    },
                },
            },
        });

        Assert.Equal(6, refusal.Length);
        AssertNames(refusal, "encryption.envelope.recipientPaths[0]", "is not a regular file");
        AssertNames(refusal, Join("missing"), "Could not find file");
        AssertNames(refusal, Join("secret"), "is empty");
        AssertNames(refusal, Join("selectors.json"), "not JSON");
        AssertNames(refusal, Join("detections.json"), "is not a regular file");
        AssertNames(refusal, $"stateDirectory {folder.StatePath} cannot be made", $"{folder.StatePath} is not a directory");
    }

    [Fact]
    public void AStateDirectoryBelowAFileCannotBeMade()
    {
        File.WriteAllText(folder.StatePath, "a file");

        var refusal = Refusal(folder.Configuration with { StateDirectory = Path.Combine(folder.StatePath, "a", "b") });

        AssertNames(refusal, "stateDirectory", $"{folder.StatePath} is not a directory");
    }

    [Fact]
    public void WhereNoOperatorCanSendLabelsItIsSaidThatRecordsHaveNone()
    {
        var asking = folder.Configuration with { Enrichment = new() { NamespaceLabels = ["team"] } };

        Assert.StartsWith(
            "enrichment: labels come from the operator only; without it records have none.", Assert.Single(Check(asking)),
            StringComparison.Ordinal);
        Assert.Single(Check(asking with { Enrichment = new() { OwnerLabels = ["app"] } }));
        Assert.Empty(Check(asking, Join("key")));
        Assert.Empty(Check(folder.Configuration));
        Assert.Empty(Check(asking with { Enrichment = new() }));
    }

    [Fact]
    public void AConnectionStringOfAnEventHubIsChecked()
    {
        File.WriteAllText(Join("connection"), "Endpoint=sb://other/;SharedAccessKeyName=listen;SharedAccessKey=secret");
        var source = new SourceConfiguration
        {
            Name = "aks",
            Type = SourceType.EventHubs,
            EventHubs = new() { Namespace = "acme.example", EventHub = "kube-audit", ConnectionStringPath = Join("connection") },
        };

        Assert.Equal(
            [
                $"sources: aks: The connection string {Join("connection")} is of another namespace than acme.example. "
                    + "Copy it from a shared access policy of the hub that may Listen.",
            ],
            Refusal(folder.Configuration with { Sources = [source] }));
    }

    [Fact]
    public void AStateDirectoryThatCannotBeWrittenIsNamed()
    {
        using var volume = SmallVolume.Mount(Join("read-only"), "ro");

        var refusal = Refusal(folder.Configuration with { StateDirectory = Path.Combine(volume.Path, "state") });

        AssertNames(refusal, $"stateDirectory {volume.Path}/state cannot be written: {volume.Path} is read-only");
    }

    static void AssertNames(string[] refusal, params string[] parts) => Assert.Contains(
        refusal, sentence => parts.All(part => sentence.Contains(part, StringComparison.Ordinal)));

    string[] Refusal(AgentConfiguration configuration) =>
        Assert.Throws<ConfigurationException>(() => Check(configuration)).Message.Split('\n');

    IReadOnlyList<string> Check(AgentConfiguration configuration, string? keyPath = null)
    {
        File.WriteAllBytes(ConfigPath, Contracts.Write(configuration));
        return AgentCheck.Run(ConfigPath, TimeProvider.System, new(keyPath));
    }

    string Join(string name) => Path.Combine(folder.Root, name);
}
