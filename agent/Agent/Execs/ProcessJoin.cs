using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Execs;

/// <summary>What joins the processes of a source with API events.</summary>
sealed record ProcessJoin(HandedExecs Handed, ProcessJoiner Joiner, JoinedProcesses Joined)
{
    /// <summary>For other threads.</summary>
    public JoinStatus Status
    {
        get
        {
            var problem = Joiner.Problem;
            return new()
            {
                IsExpected = Joiner.IsExpected,
                IsLive = problem is null,
                Reason = problem,
                HandedOverAt = Handed.State.At,
                Joined = Joiner.Counts[StartedBy.ApiRequest] - Joiner.Counts.Ambiguous,
                Ambiguous = Joiner.Counts.Ambiguous,
                OfKubelet = Joiner.Counts[StartedBy.PodSpec],
                Unexplained = Joiner.Counts[StartedBy.Unexplained],
                NotEvaluable = Joiner.Counts[StartedBy.NotEvaluable],
                Refused = Handed.Refused,
            };
        }
    }
}
