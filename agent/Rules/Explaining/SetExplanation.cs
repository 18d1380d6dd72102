using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Explaining;

/// <summary>What a rule set says of an event.</summary>
/// <param name="Name">The set's.</param>
/// <param name="Level">What it asks for.</param>
/// <param name="Miss">Why none of its rules is tried; null if they are.</param>
/// <param name="Rules">Its rules up to the first that matches.</param>
sealed record SetExplanation(string Name, AuditLevel Level, string? Miss, IReadOnlyList<RuleExplanation> Rules);

/// <summary>What a rule of a set says of an event.</summary>
/// <param name="Matches">Whether it does.</param>
/// <param name="Why">What it gives, or the first part that does not match.</param>
readonly record struct RuleExplanation(bool Matches, string Why);
