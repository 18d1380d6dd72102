namespace ClusterTrail.Contract.Tests;

public sealed class WebhookSourceValidationTests
{
    /// <summary>With every field.</summary>
    public static WebhookSourceConfiguration Webhook { get; } = new()
    {
        Listen = "127.0.0.1:9443",
        CertificatePath = "/certificates/tls.crt",
        PrivateKeyPath = "/certificates/tls.key",
        ClientCaPath = "/certificates/ca.crt",
        JournalMaxBytes = 64 << 20,
        MaxEventBytes = 1 << 20,
    };

    [Fact]
    public void WhatIsInOrderHasNoProblem() => Assert.Empty(Problems(Webhook));

    [Fact]
    public void AFolderOfCertificatesNeedsNoKey() =>
        Assert.Empty(Problems(Webhook with { CertificatePath = "/certificates", PrivateKeyPath = null }));

    [Fact]
    public void EachFieldIsNamed()
    {
        Assert.Equal(
            ["sources[0].webhook.listen is \"localhost:9443\"; allowed: an IP address and a port, such as 127.0.0.1:9443 or [::]:9443."],
            Problems(Webhook with { Listen = "localhost:9443" }));
        Assert.Equal(
            ["sources[0].webhook.certificatePath is \"tls.crt\"; allowed: an absolute path."], Problems(Webhook with { CertificatePath = "tls.crt" }));
        Assert.Equal(
            ["sources[0].webhook.privateKeyPath is \"tls.key\"; allowed: an absolute path."], Problems(Webhook with { PrivateKeyPath = "tls.key" }));
        Assert.Equal(["sources[0].webhook.clientCaPath is \"ca\"; allowed: an absolute path."], Problems(Webhook with { ClientCaPath = "ca" }));
        Assert.Equal(
            ["sources[0].webhook.journalMaxBytes is 1; allowed: a whole number from 67108864 to 1125899906842624."],
            Problems(Webhook with { JournalMaxBytes = 1 }));
        Assert.Equal(
            ["sources[0].webhook.maxEventBytes is 1; allowed: a whole number from 4096 to 67108864."],
            Problems(Webhook with { MaxEventBytes = 1 }));
    }

    [Fact]
    public void WithoutItsObjectTheTypeIsWrong() => Assert.Equal(
        ["sources[0].webhook is missing; allowed: an object, because the type is Webhook."], Problems(null));

    static IEnumerable<string> Problems(WebhookSourceConfiguration? webhook) => Contracts.ProblemsOf(new AgentConfiguration
    {
        ClusterName = "prod",
        Trail = "main",
        StateDirectory = "/state",
        Sources = [new() { Name = "apiserver", Type = SourceType.Webhook, Webhook = webhook }],
        Sink = new() { Type = SinkType.Directory, Directory = new() { Path = "/archive" } },
    }).Select(problem => $"{problem}");
}
