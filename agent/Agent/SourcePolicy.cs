using ClusterTrail.Agent.Files;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>Selects events of one source, and notes what the selectors lack of them. One thread runs it.</summary>
sealed class SourcePolicy(ReloadedFile<Selector> selectors, PolicyLog log)
{
    PolicyWatch watch = new(selectors.Current);

    public AuditLevel Select(in AuditEvent audit)
    {
        if (watch.Selector != selectors.Current)
        {
            ReportCounts();
            watch = new(selectors.Current, watch);
        }

        return watch.Selector.Select(audit, watch);
    }

    /// <summary>Passes on what was noted since the last time.</summary>
    public void ReportCounts() => log.Take(watch);
}
