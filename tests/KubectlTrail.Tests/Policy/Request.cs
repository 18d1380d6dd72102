using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Kubectl.Tests.Policy;

/// <summary>What an API server is asked, in one stage.</summary>
/// <param name="Namespace">Empty for an object in none.</param>
/// <param name="Resource">With its subresource; null for a request of a URL.</param>
/// <param name="True">The paths of the conditions on fields that hold once all of the request is recorded.</param>
sealed record Request(
    string User, IReadOnlyList<string> Groups, string Verb, string Namespace, string Group, string? Resource, string Name, string Url,
    AuditStage Stage, IReadOnlySet<string> True);
