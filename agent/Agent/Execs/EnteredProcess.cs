using System.Text.Json;

namespace ClusterTrail.Agent.Execs;

/// <summary>A process that entered a container, as its line in the journal says.</summary>
/// <param name="Container">Null while only the pod is known.</param>
/// <param name="IsInControlGroup">False when it entered namespaces only, as no container runtime does it.</param>
/// <param name="AreArgumentsCut">Whether it has more arguments than these.</param>
sealed record EnteredProcess(
    string Id, DateTimeOffset Time, string? Namespace, string? Pod, string? PodUid, string? Container, bool IsInControlGroup,
    string Executable, IReadOnlyList<string> Arguments, bool AreArgumentsCut)
{
    /// <summary>What every such line has; few others do.</summary>
    public static ReadOnlySpan<byte> Mark => "\"entry\":\"Entered"u8;

    /// <summary>Null when the line is of no process that entered a container from outside.</summary>
    public static EnteredProcess? Read(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf(Mark) < 0)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            return root.TryGetProperty("process", out var process) && Text(process, "entry") is "Entered" or "EnteredNamespaces"
                ? Of(root, process)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // No line of ours.
            return null;
        }
    }

    static EnteredProcess Of(JsonElement root, JsonElement process)
    {
        root.TryGetProperty("container", out var container);
        return new(
            Text(process, "id") ?? "", root.GetProperty("time").GetDateTimeOffset(), Text(container, "namespace"), Text(container, "pod"),
            Text(container, "podUID"), Text(container, "name"), Text(process, "entry") == "Entered", Text(process, "executable") ?? "",
            [.. process.GetProperty("arguments").EnumerateArray().Select(one => one.GetString()!)],
            process.TryGetProperty("argumentsTruncated", out _) || process.TryGetProperty("argumentsUnreadable", out _));
    }

    static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
