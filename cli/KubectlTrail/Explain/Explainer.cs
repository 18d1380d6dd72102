using System.Text.Json.Nodes;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>Explains events one after the other, and all together at the end.</summary>
/// <param name="rules">Those of each Trail.</param>
/// <param name="summaryOnly">Whether single events are left out.</param>
/// <param name="all">Whether rules about other requests are shown too.</param>
sealed class Explainer(IReadOnlyList<AgentRules> rules, TextWriter output, bool isJson, bool summaryOnly, bool all)
{
    readonly IReadOnlyList<Summary> tallies = [.. rules.Select(by => new Summary(by))];
    bool isFirst = true;

    internal void Explain(string file, ProblemLog problems, CancellationToken cancellationToken)
    {
        using var reader = new EventReader(Explain);
        reader.Read(file, cancellationToken);
        if (summaryOnly || reader.Events > 1)
            Summarize();
        output.Flush();
        if (reader.Wrong is not null || reader.Events == 0)
            problems.Report(ExitCode.BadUsage, $"{file} is wrong: {reader.Wrong ?? "it has no audit event"}");
    }

    void Explain(in AuditEvent audit)
    {
        foreach (var tally in tallies)
            tally.Add(audit);
        if (summaryOnly)
            return;

        var explained = new List<ExplainedEvent>();
        foreach (var by in rules)
            explained.Add(ExplainedEvent.Of(audit, by, all));
        Write(isJson ? [ExplanationJson.Line(explained)] : ExplanationTree.Lines(explained));
    }

    void Summarize()
    {
        if (isJson)
        {
            Write([ExplanationJson.Write(new() { ["summary"] = new JsonArray([.. tallies.Select(tally => tally.ToJson())]) })]);
            return;
        }

        foreach (var tally in tallies)
            Write(tally.Lines());
    }

    // Trees stand apart.
    void Write(IEnumerable<string> lines)
    {
        if (!isFirst && !isJson)
            output.Write('\n');
        isFirst = false;
        foreach (var line in lines)
        {
            output.Write(line);
            output.Write('\n');
        }
    }
}
