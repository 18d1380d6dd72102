namespace ClusterTrail.Verification.Objects;

/// <param name="Message">A sentence; empty of an object that is unchanged.</param>
readonly record struct ObjectResult(ObjectState State, string Message);
