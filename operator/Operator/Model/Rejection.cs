namespace ClusterTrail.Operator.Model;

/// <summary>Why a resource, or what it names, cannot be used.</summary>
/// <param name="Reason">One CamelCase word, for programs.</param>
/// <param name="Message">What is wrong and what to do, for people.</param>
sealed record Rejection(string Reason, string Message);
