using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Testing;

/// <summary>The memory that the chart gives the operator, for an operator that runs outside of a container.</summary>
public static partial class OperatorMemory
{
    // A container's limit makes the runtime do so by itself: Operator.csproj says how much of it the heap may take.
    const int HeapPercent = 45;

    public static int LimitMegabytes { get; } = int.Parse(
        MemoryLimit().Match(File.ReadAllText(PathOf("charts/clustertrail/values.yaml"))).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>What makes the runtime behave as in a container with that limit.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["DOTNET_GCHeapHardLimit"] = (LimitMegabytes * 1024L * 1024 * HeapPercent / 100).ToString("X", CultureInfo.InvariantCulture),
    };

    static string PathOf(string name) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("api-server.sh"))!, "..", name));

    // The operator's are at the top level; other programs of the chart have theirs below their own names.
    [GeneratedRegex(@"^resources:\n(?:  .*\n)*?  limits:\n    memory: (\d+)Mi", RegexOptions.Multiline)]
    private static partial Regex MemoryLimit();
}
