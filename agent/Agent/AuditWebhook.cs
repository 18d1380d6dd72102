using System.Net;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>A source of type Webhook: receives events into their journal; the source's pipeline reads the journal.</summary>
sealed partial class AuditWebhook : IDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    // Leases alone make events every few seconds, in any cluster.
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    const double MuchSeconds = 120;

    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    readonly SourceContext context;
    readonly WebhookSourceConfiguration configuration;
    readonly Func<bool> logging;
    readonly EventJournal journal;
    readonly ReceiverLog log;
    readonly ReceiverCertificates certificates;
    readonly RecurringFailure failure;
    readonly ILogger logger;
    volatile string? problem;

    /// <exception cref="ConfigurationException">The journal, or the certificate, cannot be used.</exception>
    public AuditWebhook(
        SourceContext context, WebhookSourceConfiguration configuration, (string Folder, Action EnsureHeld) state, Func<bool> logging,
        ReceiverInstruments instruments)
    {
        (this.context, this.configuration, this.logging) = (context, configuration, logging);
        logger = context.Loggers.CreateLogger<AuditWebhook>();
        failure = new(context.Time);
        log = new(context.Name, instruments, context.Time);
        certificates = new(configuration, log, context.Time);
        if (!certificates.Look())
            throw new ConfigurationException($"sources: {context.Name}: {certificates.Problem}");
        try
        {
            journal = new(state.Folder, configuration.JournalMaxBytes, context.Time, state.EnsureHeld);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The journal {state.Folder} cannot be used: {e.Message}", e);
        }

        instruments.Watch(context.Name, () => Status);
    }

    public SourceFeed Feed => new(
        configuration.Listen, PollInterval,
        (progress, report) => new JournalSource(journal, progress, configuration.MaxEventBytes, report, context.Time, Missing, Notice));

    /// <summary>The port that is listened on; 0 before.</summary>
    public int Port { get; private set; }

    /// <summary>For other threads.</summary>
    public ReceiverStatus Status => new()
    {
        JournalBytes = journal.Bytes,
        JournalLimitBytes = journal.MaxBytes,
        ReceivedEvents = log.Received,
        RepeatedRequests = log.Repeated,
        DeferredRequests = log.Deferred,
        RefusedRequests = log.Refused,
        LastRefusal = log.LastRefusal?.Reason,
        LastRefusalAt = log.LastRefusal?.At,
        LastDeferredAt = log.LastDeferredAt,
        CertificateExpiresAt = certificates.ExpiresAt,
        Callers = log.Callers.All,
    };

    /// <summary>Why nothing can be received now; null if it can. For other threads.</summary>
    public string? Problem => problem ?? certificates.Problem;

    /// <summary>Receives until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var receiver = new AuditReceiver(journal, log, logging, context.Time);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var server = await ReceiverServer.StartAsync(
                    IPEndPoint.Parse(configuration.Listen), certificates, receiver.AnswerAsync, stopping);
                (problem, Port) = (null, server.Port);
                failure.Cleared();
                LogListening(context.Name, configuration.Listen);
                await Task.Delay(Timeout.Infinite, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (IOException e)
            {
                problem = e.Message;
                if (failure.Occurred(e.Message))
                    LogFailed(context.Name, e.Message);
                await Task.Delay(AgainAfter, context.Time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

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

    [LoggerMessage(LogLevel.Information, "{Source}: receives audit events at {Listen}.")]
    partial void LogListening(string source, string listen);

    [LoggerMessage(LogLevel.Error, "{Source}: cannot receive audit events, retrying: {Reason}")]
    partial void LogFailed(string source, string reason);
}
