using System.Text.RegularExpressions;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What a source of processes must be beyond its form.</summary>
static partial class ProcessesValidation
{
    const int MostNamespaces = 10_000;

    public static void Check(ProcessesConfiguration processes, string field, Problems problems)
    {
        problems.CheckRange($"{field}.eventsPerSecond", processes.EventsPerSecond, 1, 100_000);
        problems.CheckRange($"{field}.journalMaxBytes", processes.JournalMaxBytes, 8 << 20, 64L << 30);
        AgentValidation.CheckPath($"{field}.podLogsPath", processes.PodLogsPath, problems);
        AgentValidation.CheckPath($"{field}.containerLogsPath", processes.ContainerLogsPath, problems);
        AgentValidation.CheckFile(
            $"{field}.namespacesFile", processes.NamespacesFile, "the path of a file of namespaces, or omit the field", problems);
        if (processes.NamespacesFile is not null && (processes.Namespaces is not null || processes.Rules is not null))
        {
            problems.AddText($"{field}.namespacesFile", "is given, and namespaces or rules too; allowed: the file, or the others.");
        }

        Check(processes.Namespaces ?? [], $"{field}.namespaces", problems);
        ContainersValidation.Check(processes.Rules ?? Array.Empty<PodRule>(), $"{field}.rules", problems);
    }

    public static void Check(IReadOnlyList<string> namespaces, string field, Problems problems)
    {
        if (namespaces.Count > MostNamespaces)
        {
            problems.Add(field, namespaces, $"at most {MostNamespaces}, or omit the field for all");
        }

        for (var at = 0; at < namespaces.Count; at++)
        {
            if (!Label().IsMatch(namespaces[at]))
            {
                problems.Add($"{field}[{at}]", namespaces[at], "the name of a namespace: 1 to 63 of a-z, 0-9 and '-'");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
