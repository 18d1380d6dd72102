namespace ClusterTrail.Agent.Sinks;

/// <summary>Where sealed batches go. Putting the same name twice leaves one object.</summary>
interface ISink
{
    /// <summary>What the sink is, for people: <c>s3://bucket/prefix</c> or a folder. Never a credential.</summary>
    string Description { get; }

    /// <summary>Why the newest file of certificate authorities was rejected; null if it is the active one, or if there is none.</summary>
    string? TrustError => null;

    /// <summary>Tries whether what is stored can be changed; null if the sink has nothing that could prevent it.</summary>
    ICanary? Canary => null;

    /// <summary>Stores the object for good; an object that is there already with the same bytes counts as stored.</summary>
    /// <exception cref="SinkException">It is not known to be stored; the caller tries again.</exception>
    Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken);
}
