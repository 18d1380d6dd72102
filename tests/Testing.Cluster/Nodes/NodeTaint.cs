using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>A taint of a node, and which pods tolerate it.</summary>
public sealed record NodeTaint(string Key, string Value, string Effect)
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";
    public const string NetworkUnavailable = "node.kubernetes.io/network-unavailable";

    /// <summary>As kubectl takes it: <c>key=value:Effect</c>, or <c>key:Effect</c>.</summary>
    public static NodeTaint Parse(string text)
    {
        var (pair, effect) = (text[..text.LastIndexOf(':')], text[(text.LastIndexOf(':') + 1)..]);
        var at = pair.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? new(pair, "", effect) : new(pair[..at], pair[(at + 1)..], effect);
    }

    public override string ToString() => Value.Length == 0 ? $"{Key}:{Effect}" : $"{Key}={Value}:{Effect}";

    internal static IReadOnlyList<NodeTaint> Of(Seen node) =>
    [
        .. from taint in node.Spec?["taints"]?.AsArray() ?? []
           select new NodeTaint((string)taint!["key"]!, (string?)taint["value"] ?? "", (string)taint["effect"]!),
    ];

    internal JsonObject ToJson() => Value.Length == 0
        ? new() { ["key"] = Key, ["effect"] = Effect }
        : new() { ["key"] = Key, ["value"] = Value, ["effect"] = Effect };

    internal bool IsToleratedBy(IEnumerable<JsonNode?> tolerations) => tolerations.Any(toleration => IsToleratedBy(toleration!));

    bool IsToleratedBy(JsonNode toleration)
    {
        var (key, effect, exists) = (
            (string?)toleration["key"] ?? "", (string?)toleration["effect"] ?? "", (string?)toleration["operator"] == "Exists");
        return (effect.Length == 0 || effect == Effect)
            && (key.Length == 0 ? exists : key == Key)
            && (exists || ((string?)toleration["value"] ?? "") == Value);
    }
}
