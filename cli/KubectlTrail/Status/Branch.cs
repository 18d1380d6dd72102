namespace ClusterTrail.Kubectl.Status;

/// <summary>A line, and what belongs to it.</summary>
sealed record Branch(string Text, IReadOnlyList<Branch> Branches)
{
    internal static Branch Of(string text, IEnumerable<string> leaves) => new(text, [.. leaves.Select(leaf => new Branch(leaf, []))]);

    /// <summary>The tree, safe for a terminal.</summary>
    internal IEnumerable<string> Lines() =>
        [Printable.Escape(Text), .. Branches.SelectMany((branch, at) => branch.Indented(isLast: at == Branches.Count - 1))];

    IEnumerable<string> Indented(bool isLast) =>
        Lines().Select((line, at) => (at, isLast) switch
        {
            (0, false) => "├─ ",
            (0, true) => "└─ ",
            (_, false) => "│  ",
            (_, true) => "   ",
        } + line);
}
