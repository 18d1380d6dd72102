namespace ClusterTrail.Kubectl.Printing;

/// <summary>What the table shows of a record, safe for a terminal.</summary>
/// <param name="Cells">One for each heading.</param>
/// <param name="Failed">Whether the request was refused or failed, or a finding is grave.</param>
sealed record TableRow(IReadOnlyList<string> Cells, bool Failed);
