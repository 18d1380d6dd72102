namespace ClusterTrail.Rules.Insights;

/// <summary>Whose rate it is: a user's in total, or that of a verb on a kind of object, which is empty when there is no object.</summary>
sealed record RateSubject(string? User, string? Verb, string? ApiGroup, string? Resource)
{
    public override string ToString() =>
        User ?? $"{Verb} {(Resource is "" ? "(no object)" : Resource)}{(ApiGroup is "" ? "" : $".{ApiGroup}")}";
}
