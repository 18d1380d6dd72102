namespace ClusterTrail.Kubectl.Report;

/// <summary>What the frameworks are called.</summary>
static class Frameworks
{
    /// <summary>To which controls integrity is evidence.</summary>
    internal static IReadOnlyDictionary<Framework, IReadOnlyList<string>> OfIntegrity { get; } = Section.For(
        ["3.2.1"], ["CC7.2", "CC7.3"], ["10.3.2", "10.3.4", "10.5.1"], ["A.5.28", "A.5.33", "A.8.15"], ["AU-9", "AU-9(3)", "AU-10", "AU-11"]);

    internal static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Framework>().Select(Name)];

    internal static string Name(Framework framework) => framework.ToString().ToLowerInvariant();

    internal static string Title(Framework framework) => framework switch
    {
        Framework.Cis => "CIS Kubernetes Benchmark 1.9",
        Framework.Soc2 => "SOC 2 (Trust Services Criteria, 2017)",
        Framework.Pci => "PCI DSS 4.0.1",
        Framework.Iso27001 => "ISO/IEC 27001:2022, Annex A",
        _ => "NIST SP 800-53, revision 5",
    };
}
