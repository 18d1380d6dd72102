using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether the sink refuses some batches while it takes others. Pure.</summary>
static class DeliveringAllCondition
{
    public const string Type = "DeliveringAll";

    public static Verdict Judge(TrailView view)
    {
        var refusing = view.Reporting.SelectMany(report => report.Status.Sinks.Select(sink => (report.Agent.Node, Sink: sink))).ToList();
        var batches = refusing.Sum(one => (long)(one.Sink.AsideBatches ?? 0));
        var first = refusing.Where(one => one.Sink.FirstAside is not null).OrderBy(one => one.Sink.FirstAside!.Since).FirstOrDefault();
        if (batches > 0 && first.Sink?.FirstAside is { } aside)
            return new(Type, false, TrailConditions.Word(aside.Code), Describe(batches, first.Node, aside));
        return refusing.Count > 0
            ? new(Type, true, "NothingRefused", "The sink accepts every batch.")
            : view.Same(Type) ?? new(Type, null, "NoAgents", "No agent answers yet.");
    }

    static string Describe(long batches, string node, AsideBatch aside)
    {
        var what = batches == 1 ? $"The sink rejects a batch of {node}" : $"The sink rejects {batches} batches, the first of {node},";
        return $"{what} while it accepts others, since {aside.Since:yyyy-MM-ddTHH:mm:ssZ}: {Sentence.Of(aside.Message)} "
            + "Rejected batches stay on the node's disk and are retried at least hourly.";
    }
}
