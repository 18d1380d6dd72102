namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>What becomes of a review that was offered to a queue.</summary>
enum OfferAnswer
{
    /// <summary>It is in memory, and will be written.</summary>
    Accepted,

    /// <summary>It came before.</summary>
    Repeated,

    /// <summary>There is no room: it is lost, and counted.</summary>
    Lost,
}
