using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>Some of the stages of a request.</summary>
readonly record struct StageSet(int Bits)
{
    public bool IsSeveral => (Bits & (Bits - 1)) != 0;

    public static StageSet Of(IEnumerable<AuditStage> stages) => new(stages.Aggregate(0, (bits, stage) => bits | (1 << (int)stage)));

    /// <summary>The one stage of an event; none if it is no stage that there is.</summary>
    public static StageSet Of(ReadOnlySpan<byte> stage) => new(stage switch
    {
        _ when stage.SequenceEqual("ResponseComplete"u8) => 1 << (int)AuditStage.ResponseComplete,
        _ when stage.SequenceEqual("ResponseStarted"u8) => 1 << (int)AuditStage.ResponseStarted,
        _ when stage.SequenceEqual("RequestReceived"u8) => 1 << (int)AuditStage.RequestReceived,
        _ when stage.SequenceEqual("Panic"u8) => 1 << (int)AuditStage.Panic,
        _ => 0,
    });

    public bool Overlaps(StageSet other) => (Bits & other.Bits) != 0;

    public StageSet With(StageSet other) => new(Bits | other.Bits);
}
