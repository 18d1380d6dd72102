namespace ClusterTrail.Rules.Insights;

/// <summary>What an event's time means for the minute that is counted.</summary>
enum ClockStep : byte
{
    /// <summary>The event counts in the current minute.</summary>
    Same,

    /// <summary>A minute is over, and the event is of the next one.</summary>
    Next,

    /// <summary>The event counts nowhere: it was counted before a restart, has no time, or one too far away.</summary>
    Ignored,
}
