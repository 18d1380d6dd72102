namespace ClusterTrail.Structure.Tests;

/// <summary>One folder or project uses another.</summary>
readonly record struct Edge(string From, string To) : IComparable<Edge>
{
    public int CompareTo(Edge other) => string.CompareOrdinal($"{this}", $"{other}");

    public override string ToString() => $"{From} → {To}";
}
