namespace ClusterTrail.Rules;

/// <summary>What a condition says of an event. In this order the AND of several is the least, and the OR the greatest.</summary>
enum Outcome : byte
{
    No,

    /// <summary>Not evaluable: the event lacks what the condition looks at, because its level leaves it out.</summary>
    Unknown,

    Yes,
}
