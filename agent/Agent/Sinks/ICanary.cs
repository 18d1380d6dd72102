using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Tries whether an object that a sink has stored can be changed or deleted.</summary>
interface ICanary
{
    /// <summary>Stores the object, and tries to overwrite and to delete it. Refusals are what it hopes for.</summary>
    /// <returns>What was found; never an exception but of cancellation.</returns>
    Task<ImmutabilityStatus> TryAsync(SealedObject canary, CancellationToken cancellationToken);
}
