namespace ClusterTrail.Agent.Telemetry;

/// <summary>The attempts to upload to one sink, counted and timed.</summary>
sealed class SinkMetrics
{
    // Those that alerts name: they are born at 0.
    static readonly string[] UsualCodes = ["AccessDenied", "IOError", "NoSuchBucket", "SlowDown", "Timeout", "Unreachable"];
    const int MostCodes = 30;

    readonly SinkInstruments instruments;
    readonly ErrorCodes codes = new(MostCodes);
    readonly KeyValuePair<string, object?> tag;

    public SinkMetrics(SinkInstruments own, string sink)
    {
        (instruments, tag) = (own, new("sink", sink));
        foreach (var code in UsualCodes)
            Count(codes.Bounded(code), 0);
        Count(ErrorCodes.Other, 0);
    }

    /// <summary>An attempt that the sink confirmed.</summary>
    public void Delivered(TimeSpan duration) => Time(duration, "Delivered");

    /// <summary>An attempt that it did not.</summary>
    /// <param name="code">What <c>SinkException.Code</c> says. Beyond 30 different ones it is shown as Other.</param>
    public void Failed(TimeSpan duration, string code)
    {
        Time(duration, "Failed");
        Count(codes.Bounded(code), 1);
    }

    void Time(TimeSpan duration, string outcome) => instruments.UploadDuration.Record(duration.TotalSeconds, tag, new("outcome", outcome));

    void Count(string code, int errors) => instruments.UploadErrors.Add(errors, tag, new("code", code));
}
