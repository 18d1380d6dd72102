namespace ClusterTrail.Testing;

/// <summary>What a <see cref="FaultyProxy"/> does to one request.</summary>
public enum Fault
{
    None,

    /// <summary>Answers 503 SlowDown; the store does not see the request.</summary>
    SlowDown,

    /// <summary>Cuts the connection when only the head has come.</summary>
    CutBeforeBody,

    /// <summary>Cuts the connection when the store has answered, and the client has not heard it.</summary>
    CutBeforeAnswer,

    /// <summary>Holds the request back for a while.</summary>
    Delay,
}
