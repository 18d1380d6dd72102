using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Appends the events of one JSON object of a feed. Whatever it holds, each text in it is recorded, or counted.</summary>
delegate void FeedUnwrapping(ReadOnlySpan<byte> text, FeedLines lines);

/// <summary>Which one a format has.</summary>
static class FeedUnwrappings
{
    public static FeedUnwrapping Of(FeedFormat format) => format switch
    {
        FeedFormat.EksCloudWatch => CloudWatchEnvelope.Unwrap,
        FeedFormat.GkeCloudLogging => GkeLogEntry.Unwrap,
        FeedFormat.Audit => AuditTexts.Unwrap,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
    };
}
