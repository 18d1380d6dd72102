using ClusterTrail.Agent.Sources.Admission;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>
/// A source of type Admission: answers reviews, and writes their events to a journal; the source's pipeline reads the journal.
/// </summary>
sealed class AdmissionSource : IReceiver
{
    /// <summary>What this source cannot know, for people.</summary>
    public const string BlindSpots =
        "It sees no reads, no refused requests, no responses, no source addresses and no changes of admission configurations.";

    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    // Leases alone make reviews every few seconds, in any cluster.
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    readonly SourceContext context;
    readonly AdmissionSourceConfiguration configuration;
    readonly EventJournal journal;
    readonly AdmissionQueue queue;
    readonly ReceiverLog log;
    readonly ReceiverCertificates certificates;
    readonly PathTokens tokens;
    readonly ReceiverListener listener;

    /// <exception cref="ConfigurationException">The journal, the certificate or the token cannot be used.</exception>
    public AdmissionSource(
        SourceContext context, AdmissionSourceConfiguration configuration, (string Folder, Action EnsureHeld) state, Func<bool> logging,
        ReceiverInstruments instruments)
    {
        (this.context, this.configuration) = (context, configuration);
        log = new(context.Name, instruments, context.Time);
        certificates = SourceReceivers.Certificates(context, Tls(configuration), log);
        tokens = new(configuration.PathTokenPath, context.Time);
        if (!tokens.Look())
            throw new ConfigurationException($"sources: {context.Name}: {tokens.Problem}");
        instruments.WatchQueue(context.Name, () => Status);
        // What it knows must reach back to what was answered when an earlier agent ended, whenever that was.
        journal = SourceReceivers.OpenJournal(state, configuration.JournalMaxBytes, context.Time, KnownGroups.Always);
        queue = new(journal, OpenHeld(state.Folder, journal), configuration.QueueMaxBytes, log.Lose, context.Time);
        listener = new(
            context, configuration.Listen, certificates, AdmissionReceiver.Limits,
            new AdmissionReceiver(queue, tokens, log, logging, context.Time).AnswerAsync, "admission reviews");
    }

    public SourceFeed Feed => new(
        configuration.Listen, PollInterval,
        (progress, report) => new JournalSource(journal, progress, configuration.MaxEventBytes, report, context.Time, Missing, Notice));

    /// <summary>The port that is listened on; 0 before.</summary>
    public int Port => listener.Port;

    public ReceiverStatus Status => log.Status(journal, certificates.ExpiresAt) with
    {
        Queue = new()
        {
            Events = queue.Level.Events,
            Bytes = queue.Level.Bytes,
            LimitBytes = queue.MaxBytes,
            LostEvents = log.Lost + queue.Uncounted,
            LastLoss = log.LastLoss?.Reason.ToString(),
            LastLossAt = log.LastLoss?.At,
        },
    };

    public string? Problem => listener.Problem ?? tokens.Problem;

    public static ReceiverTls Tls(AdmissionSourceConfiguration configuration) =>
        new(configuration.CertificatePath, configuration.PrivateKeyPath, configuration.ClientCaPath);

    public static string? CheckTokens(AdmissionSourceConfiguration configuration) => PathTokens.Check(configuration.PathTokenPath);

    /// <summary>Answers until it is stopped, and writes what it has answered.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var answered = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var writing = queue.RunAsync(answered.Token);
        var listening = listener.RunAsync(either.Token);
        await Task.WhenAny(listening, writing);
        // A bug of either ends both.
        await either.CancelAsync();
        await Task.WhenAny(listening);
        await answered.CancelAsync();
        await Task.WhenAll(listening, writing);
    }

    public void Dispose()
    {
        journal.Dispose();
        queue.Dispose();
    }

    static HeldReviews OpenHeld(string folder, EventJournal journal)
    {
        try
        {
            return new(Path.Combine(folder, "held"), journal.Knows);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The journal {folder} cannot be used: {e.Message}", e);
        }
    }

    string? Missing() => log.Callers.All.Count > 0 ? null
        : $"No API server has asked {configuration.Listen} since the agent started. Look for the ValidatingWebhookConfiguration: its "
            + "service or URL, path and caBundle; and for apiserver_admission_webhook_fail_open_count.";

    // No counts: it goes into the Trail's status, which should not change without a reason.
    string? Notice()
    {
        if (log.Callers.All is not [var latest, ..] all)
            return null;
        if (context.Time.GetUtcNow() - latest.LastAt > Silence)
        {
            return $"No API server has asked since {latest.LastAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; the last one was {latest.Address}. "
                + "Look for the ValidatingWebhookConfiguration and apiserver_admission_webhook_fail_open_count.";
        }

        var recent = all.Where(caller => context.Time.GetUtcNow() - caller.LastAt <= Silence).Select(caller =>
            caller.Name.Length == 0 ? caller.Address : $"{caller.Name} ({caller.Address})");
        var lost = log.Lost == 0 ? "" : " It has lost events: see receiver.queue of the agent's status.";
        return $"Answers the reviews of {string.Join(", ", recent.Order(StringComparer.Ordinal))}. {BlindSpots}{lost}";
    }
}
