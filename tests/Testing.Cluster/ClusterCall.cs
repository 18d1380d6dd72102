using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>One call of an <see cref="InMemoryCluster"/>.</summary>
/// <param name="Verb"><c>get</c>, <c>list</c>, <c>watch</c>, <c>apply</c>, <c>apply status</c>, <c>save</c> or <c>delete</c>.</param>
/// <param name="Key">Nothing for lists and watches.</param>
public sealed record ClusterCall(string Verb, ResourceType Type, ObjectKey? Key);
