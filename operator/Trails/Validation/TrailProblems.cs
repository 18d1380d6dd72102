using System.Text.RegularExpressions;
using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with a Trail: what an agent would reject, and what cannot become a pod.</summary>
public static partial class TrailProblems
{
    /// <summary>What an agent, or a pod, could not do with this Trail and its schema does not say: a sentence each.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="ruleFiles">The rule files that it names; null while not all of them can be read.</param>
    public static IReadOnlyList<string> Of(Trail trail, IReadOnlyList<TrailRuleFile>? ruleFiles = null) =>
        Of(trail, AgentFiles.Of(trail, ruleFiles), isWhole: ruleFiles is not null);

    /// <summary>The same, of a Trail whose files are made already.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="files">Its files, with nothing attached.</param>
    /// <param name="isWhole">Whether they have all the rule files that the Trail names.</param>
    public static IReadOnlyList<string> Of(Trail trail, AgentFiles files, bool isWhole) =>
    [
        .. Name(trail.Metadata.Name),
        .. from problem in Contracts.ProblemsOf(files.Configuration)
           where problem.Field is not ("trail" or "telemetry.listen" or "sources[0].webhook.listen" or "sources[0].admission.listen")
           select $"{InTrail(problem.Field)} {problem.Text}",
        .. SourceProblems.Of(trail),
        .. SelectorProblems.Of(files.Selectors.RuleSets[0], "spec.selectors"),
        .. Policy(trail.Spec.SelectorPolicy),
        .. SinkProblems.Of(trail.Spec.Sink),
        .. AnchorProblems.Of(trail.Spec),
        .. Batch(trail),
        .. Encryption(trail.Spec.Encryption),
        .. Telemetry(trail.Spec.Telemetry),
        .. DetectionProblems.Of(trail.Spec.Detections, files, isWhole),
        .. NotificationProblems.Of(trail.Spec.Notifications),
        .. PodProblems.Of(trail.Spec.Agent),
        .. WorkloadProblems.Of(trail.Spec),
        .. Size(files),
    ];

    internal static string Wrong(string field, string value, string allowed) =>
        $"{field} is {(value.Length == 0 ? "empty" : $"\"{value}\"")}; allowed: {allowed}.";

    internal static string Missing(string field, string type) => $"{field} is missing; allowed: an object, because the type is {type}.";

    internal static string Surplus(string field, string typeField, string type) =>
        $"{field} is given, but {typeField} is not {type}; allowed: one of the two.";

    internal static bool IsPath(string text) => text.StartsWith('/') && !text[1..].Split('/').Any(part => part is "" or "." or "..");

    internal static string Folder(string example) => $"the absolute path of a folder, without '.' and '..', such as {example}";

    static string InTrail(string field) => "spec." + field
        .Replace("sources[0]", "sources.apiServer", StringComparison.Ordinal)
        .Replace("recipientPaths", "recipients", StringComparison.Ordinal);

    static IEnumerable<string> Name(string name)
    {
        if (!ObjectName().IsMatch(name))
            yield return Wrong("metadata.name", name, "1 to 50 of a-z, 0-9, '-' and '.', with a letter or digit at both ends");
        else if (AgentNames.IsReserved(name))
            yield return Wrong("metadata.name", name, $"another name, because {new AgentNames(name).Shared} is used by the chart");
    }

    static IEnumerable<string> Policy(SelectorPolicy policy)
    {
        var isSelector = policy.From == SelectorPolicyFrom.Selector;
        if (isSelector && policy.Selector is null)
            yield return "spec.selectorPolicy.selector is missing; allowed: an object, because spec.selectorPolicy.from is Selector.";
        if (!isSelector && policy.Selector is not null)
            yield return Surplus("spec.selectorPolicy.selector", "spec.selectorPolicy.from", "Selector");
    }

    // A Trail with a status may have the older default from a schema of that time. Another level was chosen by somebody, who is to
    // choose again.
    static IEnumerable<string> Batch(Trail trail)
    {
        if (trail.Spec.Batch.GzipLevel is { } level && (trail.Status is null || level != TrailBatch.OlderDefaultGzipLevel))
            yield return $"spec.batch.gzipLevel {BatchConfiguration.GzipLevelIsRemoved}";
    }

    static IEnumerable<string> Encryption(TrailEncryption encryption)
    {
        if (encryption is { Type: EncryptionType.None, Envelope: not null })
            yield return Surplus("spec.encryption.envelope", "spec.encryption.type", "Envelope");
    }

    static IEnumerable<string> Telemetry(TrailTelemetry telemetry)
    {
        if (telemetry.Port is < 1024 or > 65535)
            yield return $"spec.telemetry.port is {telemetry.Port}; allowed: a whole number from 1024 to 65535.";
        if (telemetry.Otlp is { } otlp && !HttpUrl.Is(otlp.Endpoint))
            yield return Wrong("spec.telemetry.otlp.endpoint", otlp.Endpoint, "a URL that starts with https:// or http://");
    }

    static IEnumerable<string> Size(AgentFiles files)
    {
        if (files.Bytes > AgentFiles.MaxBytes)
        {
            yield return $"spec.selectors and spec.detections make a ConfigMap of {files.Bytes} bytes; "
                + $"allowed: rules that fit into {AgentFiles.MaxBytes} bytes.";
        }
    }

    [GeneratedRegex("^(?=.{1,50}\\z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\\z")]
    private static partial Regex ObjectName();
}
