using ClusterTrail.History.Reading;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.WebConsole;

/// <summary>Which archive is to be verified, and how.</summary>
/// <param name="Location">As it was given.</param>
/// <param name="Keys">Files with the public keys of operators.</param>
/// <param name="AgentKeys">Files with those of agents.</param>
sealed record ConsoleRequest(
    string Location, S3Options S3, ArchiveScope Scope, IReadOnlyList<string> Keys, IReadOnlyList<string> AgentKeys);
