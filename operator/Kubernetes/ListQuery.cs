namespace ClusterTrail.Kubernetes;

/// <summary>Which objects to list or watch.</summary>
/// <param name="Namespace">Nothing for all of them, and for cluster-scoped objects.</param>
/// <param name="Limit">The most objects on one page. The default is 500.</param>
/// <param name="Continue">Where the page before ended.</param>
public sealed record ListQuery(
    string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null, int Limit = 500, string? Continue = null);
