using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>What an admin sees at each step, without what is different each time: times, counts, random parts of names.</summary>
sealed partial class Transcript(KubectlUser admin)
{
    const string Update = "UPDATE_GOLDEN";

    static readonly string Golden = Path.Combine(
        Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "tests", "EndToEnd", "Operator", "first-day.txt");

    readonly StringBuilder text = new();
    readonly Dictionary<string, string> names = [];
    readonly HashSet<string> known = [];

    /// <summary>Writes a name that is another each time as something fixed.</summary>
    public void Call(string actual, string shown) => names[actual] = shown;

    public void Step(string what) => text.Append("# ").Append(what).Append("\n\n");

    /// <summary>Runs kubectl and notes what it prints.</summary>
    /// <param name="command">Its arguments, parted by spaces.</param>
    /// <param name="from">The first line to show; the default is all.</param>
    public async Task ShowAsync(string command, string? from = null, CancellationToken cancellationToken = default)
    {
        var result = await admin.TryAsync(command.Split(' '), cancellationToken);
        var lines = $"{result.Output}\n{result.Error}".Trim().Split('\n').SkipWhile(line =>
            from is not null && !line.StartsWith(from, StringComparison.Ordinal));
        text.Append("$ kubectl ").Append(Same(command)).Append('\n');
        var shown = lines.Where(line => !IsCounter().IsMatch(line) && !line.StartsWith("Events:", StringComparison.Ordinal)).Select(line => Same(line).TrimEnd());
        foreach (var line in WithoutCounts([.. shown]))
            text.Append(line).Append('\n');
        text.Append('\n');
    }

    // Whether the counts of API servers were compared by now is chance: they are every half minute.
    static List<string> WithoutCounts(List<string> lines)
    {
        if (lines.IndexOf("    Type:  Complete") is >= 0 and var last)
        {
            var first = lines.FindLastIndex(last - 1, line => line.StartsWith("    Type:", StringComparison.Ordinal)) + 1;
            lines.RemoveRange(first, last - first + 1);
        }

        if (lines.IndexOf("  Completeness:") is >= 0 and var begin)
        {
            var end = lines.FindIndex(begin + 1, line => !line.StartsWith("   ", StringComparison.Ordinal));
            lines.RemoveRange(begin, (end < 0 ? lines.Count : end) - begin);
        }

        return lines;
    }

    /// <summary>Notes the Events about Trails that are new since the step before. Which of them came first is a matter of
    /// milliseconds.</summary>
    /// <remarks>A real API server shows them in <c>kubectl describe</c> too; the one of these tests keeps Events of the core group
    /// apart.</remarks>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="chance">How those begin that may be there or not.</param>
    public async Task ShowNewEventsAsync(CancellationToken cancellationToken, string? chance = null)
    {
        var all = JsonNode.Parse(
            await admin.RunAsync(["get", "events.events.k8s.io", "-n", "default", "-o", "json"], cancellationToken))!["items"]!
            .AsArray();
        var news = all.Where(reported => known.Add((string)reported!["metadata"]!["name"]!))
            .Where(reported => (string?)reported!["reason"] is not ("NotCompared" or "AllRead" or "AnotherWriter"))
            .Select(reported => $"{reported!["type"]}  {reported["reason"]}  {reported["note"]}")
            .Where(reported => chance is null || !reported.StartsWith(chance, StringComparison.Ordinal)).ToList();
        text.Append("Events since the step before:\n");
        foreach (var reported in news.Order(StringComparer.Ordinal).DefaultIfEmpty("<none>"))
            text.Append("  ").Append(Same(reported)).Append('\n');
        text.Append('\n');
    }

    /// <summary>Compares it with what was reviewed; <c>UPDATE_GOLDEN=1</c> takes it as it is.</summary>
    public void Check()
    {
        var actual = text.ToString().TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(Golden, actual);
        var (expected, now) = (File.ReadAllLines(Golden), actual.TrimEnd('\n').Split('\n'));
        var same = expected.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            expected.SequenceEqual(now),
            $"{Golden}, line {same + 1}:\nexpected: {expected.ElementAtOrDefault(same)}\nactual: "
                + $"  {now.ElementAtOrDefault(same)}\nIf it reads well, accept it: {Update}=1. All of it:\n{actual}");
    }

    string Same(string line)
    {
        foreach (var (actual, shown) in names)
            line = line.Replace(actual, shown, StringComparison.Ordinal);
        line = Time().Replace(line, "TIME");
        line = Pod().Replace(line, "$1-XXXXX");
        line = Object().Replace(line, "OBJECT");
        line = Hash().Replace(line, "HASH");
        line = Count().Replace(line, "N $1");
        line = Age().Replace(line, "AGE");
        // The cluster writes events at any time: an agent that is seen reading is idle a moment later.
        line = Reading().Replace(line, "${1}Idle");
        return Spaces().Replace(line, match => match.Index == 0 ? match.Value : "  ");
    }

    // How much there is to count is another each time. What the sums are is tested elsewhere.
    [GeneratedRegex(
        @"^\s+(Batches|Bytes|Chain|Chain Id|Chains|Enrolled|Head|Integrity|Next By|Operator Key Id|Operator Public Key|Records Waiting|Sequence|sha256|Until|Critical|Delivered Batches|Delivered Events|Findings|Gaps|High|Info|Lag|Lag Bytes|Last Delivery Time|Last Event Time|Last Finding Rule|Last Finding Time|Last Object|Last Observed Time|Last Seen|Last Transition Time|Low|Medium|Observed Generation|Read Events|Selected Events|Spool Batches|Spool Bytes|Started At|Hash|By Severity):")]
    private static partial Regex IsCounter();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T[\d:.]+Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^( +State: +)Reading$")]
    private static partial Regex Reading();

    [GeneratedRegex(@"(clustertrail-main-apiserver)-[a-z0-9]{5}\b")]
    private static partial Regex Pod();

    [GeneratedRegex(@"trail/events/\S+")]
    private static partial Regex Object();

    [GeneratedRegex(@"\b[0-9a-f]{32,64}\b")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b\d+ (batches|bytes)\b")]
    private static partial Regex Count();

    [GeneratedRegex(@"(?<=\s)(\d+[smhd])+(?=\s|$)|<1s")]
    private static partial Regex Age();

    [GeneratedRegex(@" {2,}|^ +")]
    private static partial Regex Spaces();
}
