using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Integrity;

/// <summary>What digests say that is not of their period, and how often they are sealed.</summary>
/// <param name="Configuration">The hashes of what is in force.</param>
/// <param name="Sources">The configured sources.</param>
/// <param name="Refused">How many batches the sink refuses while it takes others.</param>
sealed record ChainContext(
    ChainOwner Owner, string AgentVersion, IntegrityConfiguration Limits, Func<ConfigurationHashes> Configuration,
    IReadOnlyList<string> Sources, Func<long> Refused);
