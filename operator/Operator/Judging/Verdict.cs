namespace ClusterTrail.Operator.Judging;

/// <summary>What a condition should say.</summary>
/// <param name="Holds">Null: not known yet.</param>
/// <param name="Reason">One CamelCase word, for programs.</param>
/// <param name="Message">What is so, and what to do.</param>
sealed record Verdict(string Type, bool? Holds, string Reason, string Message)
{
    public string Status => Holds switch { true => "True", false => "False", null => "Unknown" };

    /// <summary>Whether it names only an effect, or a user's request. Another condition may name a cause.</summary>
    public bool IsEffect { get; init; }
}
