namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Why a request is not an admission review: a sentence for who sent it.</summary>
sealed class AdmissionReviewException(string message) : Exception(message);
