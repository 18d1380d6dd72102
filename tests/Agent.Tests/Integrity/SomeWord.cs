using System.Text.Json;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Contract.Completeness;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>What an operator says to the agent of <see cref="ChainWorld"/>.</summary>
static class SomeWord
{
    public static CompletenessHandover Of(DateTimeOffset at, long missing = 0, DateTimeOffset? found = null) => new()
    {
        Trail = "main",
        Node = "cp-1",
        At = at,
        Hash = new('a', 64),
        ComparedAt = at.AddSeconds(-1),
        Counts = new(at.AddDays(-1), missing, missing, 0, 0, found, found is null ? null : "RotatedAway"),
    };

    public static byte[] Body(CompletenessHandover handover) =>
        JsonSerializer.SerializeToUtf8Bytes(handover, CompletenessJson.Default.CompletenessHandover);

    public static string? Take(this CompletenessWord word, CompletenessHandover handover) => word.Take(Body(handover));
}
