using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent;

/// <summary>Turns the lines of one kind of source into records.</summary>
/// <remarks>No line is dropped: what cannot be read is recorded as it is.</remarks>
interface IRecorder : IDisposable
{
    /// <summary>Records a line; the answer is valid until the next one.</summary>
    RecordedLine Record(SourceLine line);

    /// <summary>Passes on what was counted since the last time.</summary>
    void ReportCounts();

    /// <summary>All that was recorded is in the spool, and the checkpoint behind it: what is remembered of it may be kept.</summary>
    /// <param name="isLast">Whether the agent stops.</param>
    void NoteSaved(bool isLast)
    {
    }
}
