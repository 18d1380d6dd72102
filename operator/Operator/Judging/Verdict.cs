namespace ClusterTrail.Operator.Judging;

/// <summary>What a condition should say.</summary>
/// <param name="Holds">Null: nobody can know yet.</param>
/// <param name="Reason">One CamelCase word, for programs.</param>
/// <param name="Message">What is so, and what to do.</param>
sealed record Verdict(string Type, bool? Holds, string Reason, string Message)
{
    public string Status => Holds switch { true => "True", false => "False", null => "Unknown" };

    /// <summary>Whether it names an effect only, or what somebody asked for. Another condition may name a cause.</summary>
    public bool IsEffect { get; init; }
}
