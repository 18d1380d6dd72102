using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>The three files that a Trail's agents read: what they say, their texts and their hashes, each made once.</summary>
public sealed class AgentFiles
{
    /// <summary>The name of the file with the agents' configuration, apart from rules.</summary>
    public const string AgentFile = AgentPaths.AgentFile;

    /// <summary>What the API server takes of values in one ConfigMap.</summary>
    public const int MaxBytes = 1 << 20;

    readonly RuleSet own;

    AgentFiles(Trail trail, IReadOnlyList<TrailRuleFile> ruleFiles)
    {
        RuleFiles = ruleFiles;
        own = RuleSet(trail);
        Configuration = Configure(trail);
        AgentJson = TextOf(Configuration);
        StartHash = Hash(trail.Spec.Logging ? AgentJson : TextOf(Configuration with { Logging = true }));
        Detections = Detect(trail, ruleFiles);
        DetectionsJson = Encoding.UTF8.GetString(Contracts.WriteCompact(Detections));
        DetectionsHash = Hash(DetectionsJson);
        (Selectors, SelectorsJson) = Select([own]);
        SelectorsHash = Hash(SelectorsJson);
    }

    // What is attached changes the selectors only.
    AgentFiles(AgentFiles files, SelectorsFile selectors, string selectorsJson)
    {
        (RuleFiles, own, Configuration, AgentJson, StartHash) = (
            files.RuleFiles, files.own, files.Configuration, files.AgentJson, files.StartHash);
        (Detections, DetectionsJson, DetectionsHash) = (files.Detections, files.DetectionsJson, files.DetectionsHash);
        (Selectors, SelectorsJson, SelectorsHash) = (selectors, selectorsJson, Hash(selectorsJson));
    }

    /// <summary>The rule files that the Trail names, in its order.</summary>
    public IReadOnlyList<TrailRuleFile> RuleFiles { get; }

    /// <summary>What <c>agent.json</c> says; its paths are those of the container.</summary>
    public AgentConfiguration Configuration { get; }

    /// <summary>The text of <c>agent.json</c>.</summary>
    public string AgentJson { get; }

    /// <summary>The hash of what agents read of <c>agent.json</c> only when they start: all but <c>logging</c>.</summary>
    public string StartHash { get; }

    /// <summary>What <c>selectors.json</c> says: the Trail's own set, and what TrailSelectors add to it.</summary>
    public SelectorsFile Selectors { get; }

    /// <summary>The text of <c>selectors.json</c>.</summary>
    public string SelectorsJson { get; }

    /// <summary>The SHA-256 of <c>selectors.json</c>, as agents report it in <c>/status</c>.</summary>
    public string SelectorsHash { get; }

    /// <summary>What <c>detections.json</c> says: the packs and rules that the Trail chooses, and the rules of its files.</summary>
    public DetectionsFile Detections { get; }

    /// <summary>The text of <c>detections.json</c>.</summary>
    public string DetectionsJson { get; }

    /// <summary>The SHA-256 of <c>detections.json</c>, as agents report it in <c>/status</c>.</summary>
    public string DetectionsHash { get; }

    /// <summary>What the files take of a ConfigMap.</summary>
    public int Bytes => new[] { AgentJson, SelectorsJson, DetectionsJson }.Sum(Encoding.UTF8.GetByteCount);

    /// <summary>The files of a Trail to which no TrailSelector is attached.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="ruleFiles">The rule files that it names, in its order; none by default.</param>
    public static AgentFiles Of(Trail trail, IReadOnlyList<TrailRuleFile>? ruleFiles = null) => new(trail, ruleFiles ?? []);

    /// <summary>The same Trail's files with what TrailSelectors add, oldest first: as many as <see cref="Fitting"/>.</summary>
    public AgentFiles With(IReadOnlyList<RuleSet> attached)
    {
        if (attached.Count == 0)
            return this;
        var (file, text) = Select([own, .. attached]);
        return new(this, file, text);
    }

    /// <summary>The same of sets that are written already: <see cref="Selectors"/> then has the Trail's own only.</summary>
    public AgentFiles WithWritten(IReadOnlyList<byte[]> attached)
    {
        if (attached.Count == 0)
            return this;
        const string end = "]}";
        var text = new StringBuilder(
            SelectorsJson, 0, SelectorsJson.Length - end.Length, SelectorsJson.Length + attached.Sum(set => set.Length + 1));
        foreach (var set in attached)
            text.Append(',').Append(Encoding.UTF8.GetString(set));
        return new(this, Selectors, text.Append(end).ToString());
    }

    /// <summary>
    /// How many of these sets, from the first on, fit into one ConfigMap beside the files. Reject the others: they came last.
    /// </summary>
    public int Fitting(IReadOnlyList<RuleSet> attached)
    {
        var bytes = Bytes;
        return attached.TakeWhile(set => (bytes += ",".Length + Contracts.WriteCompact(set).Length) <= MaxBytes).Count();
    }

    /// <summary>What a TrailSelector adds to a Trail: rules for events of its own namespace.</summary>
    public static RuleSet RuleSet(TrailSelector selector) => new()
    {
        Name = $"{selector.Metadata.NamespaceProperty}/{selector.Metadata.Name}",
        Namespace = selector.Metadata.NamespaceProperty,
        OmitStages = selector.Spec.OmitStages,
        Rules = selector.Spec.Rules,
    };

    /// <summary>A Trail's own rules; without any it records everything.</summary>
    public static RuleSet RuleSet(Trail trail) => new()
    {
        Name = trail.Metadata.Name,
        OmitStages = trail.Spec.OmitStages,
        Rules = trail.Spec.Selectors ?? [new() { Level = SelectorLevel.RequestResponse }],
    };

    /// <summary>The SHA-256 of a file's text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal static string TextOf(AgentConfiguration configuration) => Encoding.UTF8.GetString(Contracts.Write(configuration)) + "\n";

    static (SelectorsFile File, string Text) Select(IReadOnlyList<RuleSet> sets)
    {
        var file = new SelectorsFile { RuleSets = sets };
        return (file, Encoding.UTF8.GetString(Contracts.WriteCompact(file)));
    }

    static AgentConfiguration Configure(Trail trail) => new()
    {
        ClusterName = trail.Spec.ClusterName,
        Trail = trail.Metadata.Name,
        NodeName = trail.Spec.Sources.ApiServer.IsCollected() ? Collector.NodeName : null,
        Logging = trail.Spec.Logging,
        StateDirectory = AgentPaths.State,
        Sources = [SourceOfAgent.Of(trail.Spec.Sources.ApiServer)],
        Selectors = AgentPaths.SelectorsFile,
        Detections = AgentPaths.DetectionsFile,
        Insights = trail.Spec.Insights,
        Enrichment = Enrichment(trail.Spec.Enrichment),
        Notifications = new() { Webhook = trail.Spec.Notifications.Webhook is { } webhook ? Webhook(webhook) : null },
        Batch = Batch(trail.Spec.Batch),
        Encryption = Encryption(trail.Spec.Encryption),
        Spool = trail.Spec.Spool,
        Sink = SinkOfAgent.Of(trail.Spec.Sink),
        Integrity = Integrity(trail.Spec.Integrity),
        Telemetry = new() { Listen = $"[::]:{trail.Spec.Telemetry.Port}" },
    };

    static EnrichmentConfiguration? Enrichment(EnrichmentConfiguration? enrichment)
    {
        var (ofNamespaces, ofOwners) = (Some(enrichment?.NamespaceLabels), Some(enrichment?.OwnerLabels));
        return (ofNamespaces ?? ofOwners) is null ? null : new() { NamespaceLabels = ofNamespaces, OwnerLabels = ofOwners };
        static IReadOnlyList<string>? Some(IReadOnlyList<string>? keys) => keys is { Count: > 0 } ? keys : null;
    }

    static DetectionsFile Detect(Trail trail, IReadOnlyList<TrailRuleFile> ruleFiles) => new()
    {
        Packs = trail.Spec.Detections.Packs,
        Enable = trail.Spec.Detections.Enable,
        Disable = trail.Spec.Detections.Disable,
        Lists = NamedLists.Union([.. ruleFiles.Select(file => file.Content.Lists), trail.Spec.Detections.Lists]),
        Rules = [.. ruleFiles.SelectMany(file => file.Content.Rules)],
    };

    static BatchConfiguration Batch(TrailBatch batch) => new()
    {
        MaxBytes = batch.MaxBytes,
        MaxAgeSeconds = batch.MaxAgeSeconds,
        Compression = batch.Compression,
    };

    static WebhookConfiguration Webhook(TrailWebhook webhook) => new()
    {
        Url = webhook.Url,
        SecretPath = webhook.Secret is null ? null : $"{AgentPaths.Webhook}/{AgentPaths.WebhookSecret}",
        CaBundlePath = webhook.CaBundle is null ? null : $"{AgentPaths.WebhookAuthorities}/{AgentPaths.AuthoritiesFile}",
        MinSeverity = webhook.MinSeverity,
        TimeoutSeconds = webhook.TimeoutSeconds,
    };

    static IntegrityConfiguration Integrity(TrailIntegrity integrity) => new()
    {
        Enabled = integrity.Enabled,
        IntervalSeconds = integrity.IntervalSeconds,
        KeyRotationDays = integrity.KeyRotationDays,
        Canary = integrity.Canary,
        Kms = integrity.Kms,
    };

    static EncryptionConfiguration Encryption(TrailEncryption encryption) => new()
    {
        Type = encryption.Type,
        Envelope = encryption is { Type: EncryptionType.Envelope, Envelope: { } envelope }
            ? new()
            {
                RecipientPaths = [.. envelope.Recipients.Select((_, at) => $"{AgentPaths.Recipients}/{AgentPaths.RecipientFile(at)}")],
            }
            : null,
    };
}
