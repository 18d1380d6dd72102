using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>A source of type Webhook: receives events into their journal; the source's pipeline reads the journal.</summary>
sealed class AuditWebhook : IReceiver
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    // Leases alone make events every few seconds, in any cluster.
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    const double MuchSeconds = 120;

    readonly SourceContext context;
    readonly WebhookSourceConfiguration configuration;
    readonly EventJournal journal;
    readonly ReceiverLog log;
    readonly ReceiverCertificates certificates;
    readonly ReceiverListener listener;

    /// <exception cref="ConfigurationException">The journal, or the certificate, cannot be used.</exception>
    public AuditWebhook(
        SourceContext context, WebhookSourceConfiguration configuration, (string Folder, Action EnsureHeld) state, Func<bool> logging,
        ReceiverInstruments instruments)
    {
        (this.context, this.configuration) = (context, configuration);
        log = new(context.Name, instruments, context.Time);
        certificates = SourceReceivers.Certificates(context, Tls(configuration), log);
        journal = SourceReceivers.OpenJournal(state, configuration.JournalMaxBytes, context.Time);
        listener = new(
            context, configuration.Listen, certificates, AuditReceiver.Limits,
            new AuditReceiver(journal, log, logging, context.Time).AnswerAsync, "audit events");
        instruments.Watch(context.Name, () => Status);
    }

    public SourceFeed Feed => new(
        configuration.Listen, PollInterval,
        (progress, report) => new JournalSource(journal, progress, configuration.MaxEventBytes, report, context.Time, Missing, Notice));

    /// <summary>The port that is listened on; 0 before.</summary>
    public int Port => listener.Port;

    public ReceiverStatus Status => log.Status(journal, certificates.ExpiresAt);

    public string? Problem => listener.Problem;

    public static ReceiverTls Tls(WebhookSourceConfiguration configuration) =>
        new(configuration.CertificatePath, configuration.PrivateKeyPath, configuration.ClientCaPath);

    public Task RunAsync(CancellationToken stopping) => listener.RunAsync(stopping);

    public void Dispose() => journal.Dispose();

    string? Missing() => log.Callers.All.Count > 0 ? null
        : $"No API server has sent events to {configuration.Listen} since the agent started. kubectl trail policy prints the flags and the "
            + "kubeconfig that kube-apiserver needs.";

    // No counts: it goes into the Trail's status, which should not change without a reason.
    string? Notice()
    {
        if (log.Callers.All is not [var latest, ..] all)
            return null;
        if (context.Time.GetUtcNow() - latest.LastAt > Silence)
        {
            return $"No API server has sent events since {latest.LastAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; the last one was {latest.Name} "
                + $"({latest.Address}). Look for apiserver_audit_error_total and the log of kube-apiserver.";
        }

        var recent = all.Where(caller => context.Time.GetUtcNow() - caller.LastAt <= Silence).Select(caller =>
            $"{caller.Name} ({caller.Address}{(caller.LagSeconds > MuchSeconds ? $", {caller.LagSeconds / 60:0} min behind" : "")})");
        return $"Receives the events of {string.Join(", ", recent.Order(StringComparer.Ordinal))}.";
    }
}
