namespace ClusterTrail.Agent.Telemetry;

/// <summary>What became of a request of an API server, or of its connection.</summary>
enum ReceiverResult
{
    /// <summary>Its events are on disk.</summary>
    Stored,

    /// <summary>It is answered, and its event is in memory on its way to the disk.</summary>
    Accepted,

    /// <summary>It is answered, and its event is lost: there was no room for it.</summary>
    Lost,

    /// <summary>They were already.</summary>
    Repeated,

    /// <summary>Logging is off: they are discarded.</summary>
    NotLogging,

    /// <summary>The journal, or the memory for requests, is full.</summary>
    Full,

    /// <summary>The journal cannot be written.</summary>
    Failed,

    /// <summary>It is not what is received here.</summary>
    Refused,

    TooSlow,

    /// <summary>It has not the path that only API servers know.</summary>
    WrongPath,

    NoCertificate,

    WrongCertificate,
}
