using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails;

/// <summary>The three files that a Trail's agents read.</summary>
public static class AgentFiles
{
    /// <summary>The name of the file with the agents' configuration, apart from rules.</summary>
    public const string AgentFile = AgentPaths.AgentFile;

    /// <summary>What <c>agent.json</c> says; its paths are those of the container.</summary>
    public static AgentConfiguration Configuration(Trail trail) => new()
    {
        ClusterName = trail.Spec.ClusterName,
        Trail = trail.Metadata.Name,
        Logging = trail.Spec.Logging,
        StateDirectory = AgentPaths.State,
        Sources = [Source(trail.Spec.Sources.ApiServer)],
        Selectors = AgentPaths.SelectorsFile,
        Detections = AgentPaths.DetectionsFile,
        Notifications = new() { Webhook = trail.Spec.Notifications.Webhook is { } webhook ? Webhook(webhook) : null },
        Batch = trail.Spec.Batch,
        Encryption = Encryption(trail.Spec.Encryption),
        Spool = trail.Spec.Spool,
        Sink = SinkOfAgent.Of(trail.Spec.Sink),
        Telemetry = new() { Listen = $"[::]:{trail.Spec.Telemetry.Port}" },
    };

    /// <summary>What <c>selectors.json</c> says: the Trail's own set, and what TrailSelectors add to it.</summary>
    public static SelectorsFile Selectors(Trail trail, IReadOnlyList<RuleSet> attached) => new() { RuleSets = [Own(trail), .. attached] };

    /// <summary>What <c>detections.json</c> says: the packs and rules that the Trail chooses, and the rules of its files.</summary>
    public static DetectionsFile Detections(Trail trail, IReadOnlyList<TrailRuleFile> ruleFiles) => new()
    {
        Packs = trail.Spec.Detections.Packs,
        Enable = trail.Spec.Detections.Enable,
        Disable = trail.Spec.Detections.Disable,
        Lists = NamedLists.Union([.. ruleFiles.Select(file => file.Content.Lists), trail.Spec.Detections.Lists]),
        Rules = [.. ruleFiles.SelectMany(file => file.Content.Rules)],
    };

    /// <summary>What a TrailSelector adds to a Trail: rules for events of its own namespace.</summary>
    public static RuleSet RuleSet(TrailSelector selector) => new()
    {
        Name = $"{selector.Metadata.NamespaceProperty}/{selector.Metadata.Name}",
        Namespace = selector.Metadata.NamespaceProperty,
        OmitStages = selector.Spec.OmitStages,
        Rules = selector.Spec.Rules,
    };

    /// <summary>The text of <c>agent.json</c>.</summary>
    public static string AgentJson(Trail trail) => Encoding.UTF8.GetString(Contracts.Write(Configuration(trail))) + "\n";

    /// <summary>The hash of what agents read of <c>agent.json</c> only when they start: all but <c>logging</c>.</summary>
    public static string StartHash(Trail trail) => Hash(AgentJson(trail with { Spec = trail.Spec with { Logging = true } }));

    /// <summary>The text of <c>selectors.json</c>.</summary>
    public static string SelectorsJson(Trail trail, IReadOnlyList<RuleSet> attached) =>
        Encoding.UTF8.GetString(Contracts.WriteCompact(Selectors(trail, attached)));

    /// <summary>The text of <c>detections.json</c>.</summary>
    public static string DetectionsJson(Trail trail, IReadOnlyList<TrailRuleFile> ruleFiles) =>
        Encoding.UTF8.GetString(Contracts.WriteCompact(Detections(trail, ruleFiles)));

    /// <summary>The SHA-256 of a file's text, as an agent reports it in <c>/status</c>.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What an agent, or a pod, could not do with this Trail and its schema does not say: a sentence each.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="ruleFiles">The rule files that it names; null while not all of them can be read.</param>
    public static IReadOnlyList<string> Problems(Trail trail, IReadOnlyList<TrailRuleFile>? ruleFiles = null) => TrailProblems.Of(trail, ruleFiles);

    /// <summary>What an agent could not do with this TrailSelector and its schema does not say: a sentence each.</summary>
    public static IReadOnlyList<string> Problems(TrailSelector selector) => SelectorProblems.Of(selector);

    static RuleSet Own(Trail trail) => new()
    {
        Name = trail.Metadata.Name,
        OmitStages = trail.Spec.OmitStages,
        Rules = trail.Spec.Selectors ?? [new() { Level = SelectorLevel.RequestResponse }],
    };

    static SourceConfiguration Source(ApiServerSource source) => new()
    {
        Name = "apiserver",
        Type = SourceType.LogFile,
        LogFile = source.LogFile is { } file
            ? new() { Path = file.Path, StartAt = file.StartAt, MaxEventBytes = file.MaxEventBytes }
            : null,
    };

    static WebhookConfiguration Webhook(TrailWebhook webhook) => new()
    {
        Url = webhook.Url,
        SecretPath = webhook.Secret is null ? null : $"{AgentPaths.Webhook}/{AgentPaths.WebhookSecret}",
        CaBundlePath = webhook.CaBundle is null ? null : $"{AgentPaths.WebhookAuthorities}/{AgentPaths.AuthoritiesFile}",
        MinSeverity = webhook.MinSeverity,
        TimeoutSeconds = webhook.TimeoutSeconds,
    };

    static EncryptionConfiguration Encryption(TrailEncryption encryption) => new()
    {
        Type = encryption.Type,
        Envelope = encryption is { Type: EncryptionType.Envelope, Envelope: { } envelope }
            ? new() { RecipientPaths = [.. envelope.Recipients.Select((_, at) => $"{AgentPaths.Recipients}/{AgentPaths.RecipientFile(at)}")] }
            : null,
    };
}
