using System.Text;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>What an agent of a compromised node answers: another untruth each time.</summary>
sealed class HostileReports(int seed)
{
    const int ManyRules = 6_000;

    static readonly string LongText = new('m', 900_000);

    static readonly Func<AgentStatus, AgentStatus>[] Untruths =
    [
        status => With(status, source => source with { LagBytes = long.MaxValue, LagSeconds = 1e308, ReadEvents = long.MinValue }),
        status => With(status, source => source with { Message = LongText, State = SourceState.Stopped }),
        status => With(status, source => source with { State = (SourceState)99 }),
        status => status with { Sources = null!, Sinks = null! },
        status => status with { Agent = status.Agent with { NodeName = "cp-2" } },
        status => status with { Agent = status.Agent with { StartedAt = DateTimeOffset.MaxValue } },
        status => status with { Detections = Invented(status) },
        status => status with { Spool = status.Spool with { Bytes = long.MaxValue, OldestAgeSeconds = -1 } },
    ];

    readonly Random chance = new(seed);
    readonly Lock guard = new();

    public AgentStatus Distort(AgentStatus status) => Untruths[Next(Untruths.Length)](status);

    /// <summary>What is no status at all; null: nearly half the times.</summary>
    public byte[]? Garbage() => Next(7) switch
    {
        0 => Encoding.UTF8.GetBytes("null"),
        1 => Encoding.UTF8.GetBytes("{\"agent\":{\"trail\":\"main\"}}"),
        2 => new byte[2 << 20],
        3 => Encoding.UTF8.GetBytes(new string('[', 100_000)),
        _ => null,
    };

    int Next(int most)
    {
        lock (guard)
        {
            return chance.Next(most);
        }
    }

    static AgentStatus With(AgentStatus status, Func<SourceStatus, SourceStatus> change) =>
        status with { Sources = [.. status.Sources.Select(change)] };

    static DetectionsStatus Invented(AgentStatus status) => status.Detections! with
    {
        Findings =
        [
            .. Enumerable.Range(0, ManyRules).Select(n => new FindingsStatus(
                $"invented-{n}", "critical", "d", n + 1, status.Agent.StartedAt, "e")),
        ],
    };
}
