using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>The options that say which records are looked for.</summary>
static class LookupOptions
{
    static readonly Option<string[]> Where = Several(
        "--where", "CONDITION", "'PATH OPERATOR VALUE' on any field, with the operators of selectors. All of them must hold.");

    static readonly IReadOnlyList<(Option<string[]> Option, Func<string[], RecordTest> Test)> Fields =
    [
        (Several("--user", "NAME", "Who did it, or was impersonated."), Questions.User),
        (Several("--verb", "VERB", "What was done: get, create, delete …; of processes exec."), Questions.Verb),
        (Several("--resource", "RESOURCE", "On what kind: pods (with subresources), pods/exec, deployments.apps."), Questions.Resource),
        (Several("--namespace", "NAME", "In which namespace.", "-n"), Questions.Namespace),
        (Several("--name", "NAME", "On which object."), Questions.Name),
        (Several("--source-ip", "ADDRESS", "From where: an address, a pattern, or a network such as 10.0.0.0/8."), Questions.Address),
        (Several("--error", "REASON", "How it failed: Forbidden, 403, NotFound; * is any way."), Questions.Error),
        (OneOf("--category", "Which kind of record.", "Management", "Data", "Insight", "Aggregate", "Workload", "Unparsable"),
            Questions.Category),
        (Several("--rule", "RULE", "Findings of this rule."), Questions.Rule),
        (OneOf("--severity", "Findings of this severity.", "info", "low", "medium", "high", "critical"), Questions.Severity),
        (Several("--event-id", "ID", "The record, the findings about it and the processes that it started."), Questions.EventId),
        (Several("--audit-id", "ID", "The records of a request, by the API server's id."), Questions.AuditId),
        (OneOf("--read-only", "Requests that only read, or all others.", "true", "false"), Questions.ReadOnly),
    ];

    internal static void AddTo(Command command)
    {
        foreach (var option in (Option[])[.. RangeOptions.OfTime, .. Fields.Select(field => field.Option), Where, .. RangeOptions.OfPlace])
            command.Add(option);
    }

    /// <summary>Null if nothing is asked.</summary>
    /// <exception cref="TrailException">A value is none.</exception>
    internal static RecordTest? Test(ParseResult arguments, params IReadOnlyList<RecordTest> others)
    {
        var ofFields = Fields
            .Select(field => (Values: arguments.GetValue(field.Option) ?? [], field.Test))
            .Where(field => field.Values.Length > 0)
            .Select(field => field.Test(field.Values));
        var ofConditions = (arguments.GetValue(Where) ?? []).Select(text => new FieldTest(FieldText.Parse(text)));
        List<RecordTest> all = [.. others, .. ofFields, .. ofConditions];
        return all.Count == 0 ? null : new RecordTest.All(all);
    }

    static Option<string[]> Several(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = value };

    // What is none of them would find nothing, which looks like an answer.
    static Option<string[]> OneOf(string name, string description, params string[] values) =>
        Several(name, string.Join('|', values), description).AcceptOnlyFromAmong(values);
}
