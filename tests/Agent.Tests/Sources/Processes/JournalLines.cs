using System.Text.Json;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>What a journal holds, as a test reads it.</summary>
static class JournalLines
{
    public static List<JsonElement> Read(string folder) =>
    [
        .. Directory.GetFiles(folder, "processes*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(line => JsonElement.Parse(line)),
    ];

    public static IEnumerable<JsonElement> Events(IEnumerable<JsonElement> lines) =>
        lines.Where(line => line.GetProperty("kind").GetString() == "ProcessEvent");

    public static IEnumerable<JsonElement> Losses(IEnumerable<JsonElement> lines) =>
        lines.Where(line => line.GetProperty("kind").GetString() == "ProcessLoss");

    public static string[] Arguments(JsonElement line) =>
        [.. line.GetProperty("process").GetProperty("arguments").EnumerateArray().Select(one => one.GetString()!)];

    public static string? Text(JsonElement line, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (!line.TryGetProperty(name, out line))
            {
                return null;
            }
        }

        return line.ToString();
    }
}
