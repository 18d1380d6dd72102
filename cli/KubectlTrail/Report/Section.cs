namespace ClusterTrail.Kubectl.Report;

/// <summary>One question that a report answers.</summary>
/// <param name="Id">Of its place in the page, and its name in JSON.</param>
/// <param name="Meaning">What the table says, and what it cannot say.</param>
/// <param name="Sql">The query, over the table events. Its rows are the answer.</param>
/// <param name="None">The sentence if there is no row.</param>
/// <param name="Controls">To which control of each framework it is evidence.</param>
sealed record Section(
    string Id, string Title, string Meaning, string Sql, string None, IReadOnlyDictionary<Framework, IReadOnlyList<string>> Controls)
{
    internal static IReadOnlyDictionary<Framework, IReadOnlyList<string>> For(
        string[] cis, string[] soc2, string[] pci, string[] iso27001, string[] nist) => new Dictionary<Framework, IReadOnlyList<string>>
        {
            [Framework.Cis] = cis,
            [Framework.Soc2] = soc2,
            [Framework.Pci] = pci,
            [Framework.Iso27001] = iso27001,
            [Framework.Nist] = nist,
        };
}
