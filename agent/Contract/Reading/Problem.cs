namespace ClusterTrail.Contract.Reading;

/// <summary>One thing that is wrong with a configuration: the field, and the rest of the sentence about it.</summary>
public sealed record Problem(string Field, string Text)
{
    public override string ToString() => $"{Field} {Text}";
}
