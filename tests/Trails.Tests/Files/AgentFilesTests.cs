using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Trails.Tests.Files;

public sealed class AgentFilesTests
{
    [Fact]
    public void WithoutSelectorsEverythingIsRecorded()
    {
        var trail = Some.Trail().With("spec.omitStages", """["RequestReceived"]""").ToTrail();

        var set = Assert.Single(AgentFiles.Of(trail).Selectors.RuleSets);

        Assert.Equal("main", set.Name);
        Assert.Null(set.Namespace);
        Assert.Equal([AuditStage.RequestReceived], set.OmitStages);
        Assert.Equal(SelectorLevel.RequestResponse, Assert.Single(set.Rules).Level);
    }

    [Fact]
    public void AnEmptyListRecordsOnlyWhatTeamsAdd()
    {
        var trail = Some.Trail().With("spec.selectors", "[]").ToTrail();

        var sets = AgentFiles.Of(trail).With([AgentFiles.RuleSet(Some.Selector().ToSelector())]).Selectors.RuleSets;

        Assert.Empty(sets[0].Rules);
        Assert.Equal(["main", "payments/changes"], sets.Select(set => set.Name));
    }

    [Fact]
    public void ATeamsRulesAreBoundToItsNamespace()
    {
        var selector = Some.Selector().ToSelector();

        var set = AgentFiles.RuleSet(selector);

        Assert.Equal(("payments/changes", "payments"), (set.Name, set.Namespace));
        Assert.Equal([AuditStage.RequestReceived], set.OmitStages);
        Assert.Same(selector.Spec.Rules, set.Rules);
    }

    [Fact]
    public void WhatATrailSaysOfS3ReachesItsAgents()
    {
        var s3 = AgentFiles.Of(Some.FullTrail().ToTrail()).Configuration.Sink.S3!;

        Assert.Equal(
            new()
            {
                Bucket = "audit",
                Prefix = "prod",
                Region = "eu-central-1",
                Endpoint = "https://s3.storage.example.com:9443",
                PathStyle = true,
                CaPath = "/etc/clustertrail-ca/ca.crt",
                Credentials = new()
                {
                    Type = S3CredentialsType.Static,
                    Static = new()
                    {
                        AccessKeyIdPath = "/etc/clustertrail-credentials/accessKeyId",
                        SecretAccessKeyPath = "/etc/clustertrail-credentials/secretAccessKey",
                        SessionTokenPath = "/etc/clustertrail-credentials/sessionToken",
                    },
                },
                Encryption = new()
                {
                    Type = S3EncryptionType.SseKms,
                    KmsKeyId = "arn:aws:kms:eu-central-1:123456789012:key/2f0c9a1e-9a55-4f0e-8ff1-0a3c7e1b5d11",
                    BucketKey = true,
                },
                ObjectLock = new() { Mode = ObjectLockMode.Compliance, RetentionDays = 365 },
                StorageClass = "STANDARD_IA",
                Checksums = S3Checksums.WhenSupported,
                MaxConcurrency = 4,
                TimeoutSeconds = 60,
            },
            s3);
    }

    [Fact]
    public void AStoppedTrailSaysSo()
    {
        Assert.True(AgentFiles.Of(Some.Trail().ToTrail()).Configuration.Logging);
        Assert.False(AgentFiles.Of(Some.Trail().With("spec.logging", "false").ToTrail()).Configuration.Logging);
    }

    [Fact]
    public void TheHashIsThatOfTheBytes() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", AgentFiles.Hash("abc"));
}
