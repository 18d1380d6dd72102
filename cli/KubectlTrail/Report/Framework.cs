namespace ClusterTrail.Kubectl.Report;

/// <summary>What a report is for: the names of its controls are those of that document.</summary>
enum Framework
{
    /// <summary>CIS Kubernetes Benchmark 1.9.</summary>
    Cis,

    /// <summary>SOC 2: the AICPA's Trust Services Criteria of 2017, with the points of focus of 2022.</summary>
    Soc2,

    /// <summary>PCI DSS 4.0.1.</summary>
    Pci,

    /// <summary>ISO/IEC 27001:2022, Annex A.</summary>
    Iso27001,

    /// <summary>NIST SP 800-53, revision 5.</summary>
    Nist,
}
