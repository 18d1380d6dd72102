namespace ClusterTrail.Operator.Reconcile;

/// <summary>Why something cannot be used.</summary>
/// <param name="Reason">One CamelCase word, for programs.</param>
/// <param name="Message">What is wrong and what to do, for people.</param>
sealed record Problem(string Reason, string Message);
