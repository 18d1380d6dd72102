using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What a source of type Webhook must be beyond its form.</summary>
static class WebhookSourceValidation
{
    public static void Check(WebhookSourceConfiguration webhook, string field, Problems problems)
    {
        if (!AgentValidation.IsEndPoint(webhook.Listen))
        {
            problems.Add($"{field}.listen", webhook.Listen, "an IP address and a port, such as 127.0.0.1:9443 or [::]:9443");
        }

        AgentValidation.CheckPath($"{field}.certificatePath", webhook.CertificatePath, problems);
        if (webhook.PrivateKeyPath is { } key)
        {
            AgentValidation.CheckPath($"{field}.privateKeyPath", key, problems);
        }

        AgentValidation.CheckPath($"{field}.clientCaPath", webhook.ClientCaPath, problems);
        problems.CheckRange($"{field}.journalMaxBytes", webhook.JournalMaxBytes, 64 << 20, 1L << 50);
        problems.CheckRange($"{field}.maxEventBytes", webhook.MaxEventBytes, 4096, 64 << 20);
    }
}
