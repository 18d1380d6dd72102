namespace ClusterTrail.Contract.Tests;

public sealed class AdmissionSourceValidationTests
{
    /// <summary>With every field.</summary>
    public static AdmissionSourceConfiguration Admission { get; } = new()
    {
        Listen = "[::]:9444",
        CertificatePath = "/certificates/tls.crt",
        PrivateKeyPath = "/certificates/tls.key",
        ClientCaPath = "/certificates/ca.crt",
        PathTokenPath = "/token/token",
        QueueMaxBytes = 32 << 20,
        JournalMaxBytes = 64 << 20,
        MaxEventBytes = 1 << 20,
    };

    [Fact]
    public void WhatIsInOrderHasNoProblem() => Assert.Empty(Problems(Admission));

    [Fact]
    public void NeitherKeyNorAuthoritiesAreNeeded() =>
        Assert.Empty(Problems(Admission with { CertificatePath = "/certificates", PrivateKeyPath = null, ClientCaPath = null }));

    [Fact]
    public void EachFieldIsNamed()
    {
        Assert.Equal(
            ["sources[0].admission.listen is \"localhost:9444\"; allowed: an IP address and a port, such as 127.0.0.1:9444 or [::]:9444."],
            Problems(Admission with { Listen = "localhost:9444" }));
        Assert.Equal(
            [
                "sources[0].admission.certificatePath is \"a\"; allowed: an absolute path.",
                "sources[0].admission.privateKeyPath is \"b\"; allowed: an absolute path.",
                "sources[0].admission.clientCaPath is \"c\"; allowed: an absolute path.",
                "sources[0].admission.pathTokenPath is \"d\"; allowed: an absolute path.",
            ],
            Problems(Admission with { CertificatePath = "a", PrivateKeyPath = "b", ClientCaPath = "c", PathTokenPath = "d" }));
        Assert.Equal(
            [
                "sources[0].admission.queueMaxBytes is 1; allowed: a whole number from 33554432 to 1073741824.",
                "sources[0].admission.journalMaxBytes is 1; allowed: a whole number from 67108864 to 1125899906842624.",
                "sources[0].admission.maxEventBytes is 1; allowed: a whole number from 4096 to 67108864.",
            ],
            Problems(Admission with { QueueMaxBytes = 1, JournalMaxBytes = 1, MaxEventBytes = 1 }));
    }

    [Fact]
    public void WithoutItsObjectTheTypeIsWrong() => Assert.Equal(
        ["sources[0].admission is missing; allowed: an object, because the type is Admission."], Problems(null));

    static IEnumerable<string> Problems(AdmissionSourceConfiguration? admission) => Contracts.ProblemsOf(new AgentConfiguration
    {
        ClusterName = "prod",
        Trail = "main",
        StateDirectory = "/state",
        Sources = [new() { Name = "admission", Type = SourceType.Admission, Admission = admission }],
        Sink = new() { Type = SinkType.Directory, Directory = new() { Path = "/archive" } },
    }).Select(problem => $"{problem}");
}
