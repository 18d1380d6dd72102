using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Completeness;

/// <summary>How the events of a kind of source come to agents, and how long that takes.</summary>
/// <param name="IsSent">Whether API servers send them, and do not write them into a log.</param>
/// <param name="IsBeside">Whether there is an agent on each API server's node, and not one for all.</param>
/// <param name="MostLag">How old the newest event may be that an agent has read, when it has more to read.</param>
/// <param name="MostAge">How old an agent's count may be when it answers: it must be younger than the API servers' first answers.</param>
sealed record ComparedSource(bool IsSent, bool IsBeside, TimeSpan MostLag, TimeSpan MostAge)
{
    /// <summary>In this time an event that was counted is in the log, and an agent that is not behind has read it.</summary>
    public static readonly TimeSpan UntilRead = TimeSpan.FromSeconds(2);

    /// <summary>API servers collect what they send, and try again for four minutes: then it is sent, or dropped.</summary>
    public static readonly TimeSpan UntilSent = TimeSpan.FromMinutes(5);

    // An event is counted a moment before it is in the log.
    static readonly TimeSpan UntilWritten = TimeSpan.FromSeconds(0.5);

    public static ComparedSource Log { get; } = new(IsSent: false, IsBeside: true, UntilRead / 2, UntilRead - UntilWritten);

    public static ComparedSource Of(Trail trail) =>
        trail.Spec.Sources.ApiServer.Type != ApiServerSourceType.Webhook ? Log
            : new(IsSent: true, IsBeside: !trail.Spec.Sources.ApiServer.IsCollected(), UntilSent / 2, UntilSent / 2);
}
