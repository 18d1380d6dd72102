using System.Security.Cryptography;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Rules.Insights;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Detections;

/// <summary>What is usual of a source, on disk.</summary>
/// <remarks>It is no more than a memory: if it cannot be read everything is learnt anew, and the reason is logged and counted.</remarks>
/// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
sealed partial class InsightStore(string path, Action ensureOurs, InsightMetrics metrics, ILogger logger)
{
    bool isFailing;
    bool hasFailed;

    public InsightDetector Load()
    {
        try
        {
            if (InsightState.Read(File.ReadAllBytes(path), out var problem) is { } known)
                return known;
            NoteUnread(problem);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start.
        }
        // The sum holds, so it was written like this: nothing more can be said.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NoteUnread(e.Message);
        }

        return new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    }

    public void Save(InsightDetector detector)
    {
        try
        {
            ensureOurs();
            DurableDirectory.Create(Path.GetDirectoryName(path)!);
            using var file = new AtomicFile(path, $"{path}.new");
            file.Write(InsightState.Write(detector));
            file.Commit();
            isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            metrics.Failed("State");
            if (!isFailing)
                LogUnwritten(path, e.Message);
            isFailing = true;
        }
        // No reason to end an agent: nothing is lost but a memory.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            metrics.Failed("Internal");
            if (!hasFailed)
                LogFailed(e);
            hasFailed = true;
        }
    }

    void NoteUnread(string problem)
    {
        metrics.Failed("State");
        LogUnread(path, problem);
    }

    [LoggerMessage(LogLevel.Error, "What is usual is not known any more, and is learnt anew: {Path} cannot be read, because {Problem}.")]
    partial void LogUnread(string path, string problem);

    [LoggerMessage(
        LogLevel.Error,
        "What is usual is not kept, because of an internal error of ClusterTrail; trying again, and a restart forgets what is newer. "
        + "Please report it.")]
    partial void LogFailed(Exception failure);

    [LoggerMessage(LogLevel.Error, "What is usual cannot be written to {Path}; trying again, and a restart forgets what is newer: {Problem}")]
    partial void LogUnwritten(string path, string problem);
}
