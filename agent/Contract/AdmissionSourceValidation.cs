using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What a source of type Admission must be beyond its form.</summary>
static class AdmissionSourceValidation
{
    public static void Check(AdmissionSourceConfiguration admission, string field, Problems problems)
    {
        if (!AgentValidation.IsEndPoint(admission.Listen))
        {
            problems.Add($"{field}.listen", admission.Listen, "an IP address and a port, such as 127.0.0.1:9444 or [::]:9444");
        }

        foreach (var (name, path) in new[]
            {
                ("certificatePath", admission.CertificatePath), ("privateKeyPath", admission.PrivateKeyPath),
                ("clientCaPath", admission.ClientCaPath), ("pathTokenPath", admission.PathTokenPath),
            })
        {
            if (path is not null)
            {
                AgentValidation.CheckPath($"{field}.{name}", path, problems);
            }
        }

        // The largest review must fit.
        problems.CheckRange($"{field}.queueMaxBytes", admission.QueueMaxBytes, 32 << 20, 1 << 30);
        problems.CheckRange($"{field}.journalMaxBytes", admission.JournalMaxBytes, 64 << 20, 1L << 50);
        problems.CheckRange($"{field}.maxEventBytes", admission.MaxEventBytes, 4096, 64 << 20);
    }
}
