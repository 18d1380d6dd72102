namespace ClusterTrail.Kubernetes;

/// <summary>The API server's own account of a failure: a <c>meta/v1</c> Status.</summary>
public sealed record Status(int Code = 0, string Reason = "", string Message = "");
