using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent;

/// <summary>Opens what receives the events of a source.</summary>
static class SourceReceivers
{
    /// <returns>Null for a source of another type.</returns>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public static IReceiver? Open(
        SourceConfiguration source, SourceContext context, (string Folder, Action EnsureHeld) state, WatchedFiles files,
        ReceiverInstruments instruments) => source switch
        {
            { Webhook: { } webhook } => new AuditWebhook(context, webhook, state, () => files.Configuration.Logging, instruments),
            { Admission: { } admission } => new AdmissionSource(context, admission, state, () => files.Configuration.Logging, instruments),
            _ => null,
        };

    /// <summary>Makes sure of the files that a source names, for those who only check.</summary>
    /// <exception cref="ConfigurationException">They cannot be used.</exception>
    public static void Check(SourceConfiguration source)
    {
        var problem = source switch
        {
            { Webhook: { } webhook } => ReceiverCertificates.Check(AuditWebhook.Tls(webhook)),
            { Admission: { } admission } => ReceiverCertificates.Check(AdmissionSource.Tls(admission))
                ?? AdmissionSource.CheckTokens(admission),
            _ => null,
        };
        if (problem is not null)
            throw new ConfigurationException($"sources: {source.Name}: {problem}");
    }

    /// <exception cref="ConfigurationException">They cannot be used.</exception>
    public static ReceiverCertificates Certificates(SourceContext context, ReceiverTls tls, ReceiverLog log)
    {
        var certificates = new ReceiverCertificates(tls, log, context.Time);
        return certificates.Look() ? certificates : throw new ConfigurationException($"sources: {context.Name}: {certificates.Problem}");
    }

    /// <param name="window">How long a group is known.</param>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public static EventJournal OpenJournal(
        (string Folder, Action EnsureHeld) state, long maxBytes, TimeProvider time, TimeSpan? window = null)
    {
        try
        {
            return new(state.Folder, maxBytes, time, state.EnsureHeld, window);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The journal {state.Folder} cannot be used: {e.Message}", e);
        }
    }
}
