using System.CommandLine;
using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.History.Reading;
using ClusterTrail.Kms;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Keys;

/// <summary><c>kubectl trail keys export</c>: the public key with which a cluster's operator says whose keys sign digests.</summary>
static class KeysExport
{
    internal const string Examples = """
        Examples:
          # The operator's public key, which auditors need to verify an archive
          kubectl trail keys export --context prod > operator.pub.pem

          # The same of an operator whose key is in KMS; or an RSA key there, for agents to encrypt with
          kubectl trail keys export --kms-key alias/clustertrail-operator > operator.pub.pem
          kubectl trail keys export --kms-key alias/clustertrail-auditors > auditor.pub.pem
        """;

    internal static Command Build()
    {
        var export = new Command(
            "export",
            "Prints the public key of the cluster's operator in PEM, or that of --kms-key. Auditors keep it, and verify archives with it.")
        {
            ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        KmsOptions.AddTo(export);
        export.SetAction(async (arguments, cancellationToken) =>
        {
            var terminal = Terminal.Of(arguments);
            using var kms = KmsOptions.Find(arguments);
            if (kms is not null)
            {
                terminal.Output.Write(Encoding.UTF8.GetBytes(OfKms(kms)));
                terminal.Output.Flush();
                return (int)ExitCode.Ok;
            }

            var problems = new ProblemLog(terminal.Error.WriteLine);
            using var cluster = new ClusterReader(ClusterOption.Find(arguments));
            var trails = await cluster.ListAsync<Trail>(null, problems, cancellationToken);
            terminal.Output.Write(Encoding.UTF8.GetBytes(Text(trails, cluster.Name)));
            terminal.Output.Flush();
            return (int)problems.ExitCode;
        });
        return export;
    }

    // The auditor's own way to the operator's key, and the way of a recipient's key to the agents.
    static string OfKms(KmsKey kms)
    {
        try
        {
            return $"# {Printable.Escape($"{kms}")}, for {kms.Usage()}\n{kms.PublicPem()}";
        }
        catch (KmsException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"--kms-key cannot be used: {e.Message}", e);
        }
    }

    /// <exception cref="TrailException">No Trail names a key, or one that is none.</exception>
    internal static string Text(IReadOnlyList<Trail> trails, string cluster)
    {
        var named =
            (from trail in trails
             let key = trail.Status?.Integrity?.OperatorPublicKey
             where key is not null
             group trail.Metadata.Name by key).ToList();
        return named.Count == 0
            ? throw new TrailException(
                ExitCode.Unreadable,
                $"No Trail of {cluster} names the operator's key yet; it is there as soon as the operator has seen an agent's digests "
                    + "('kubectl trail status' shows what is missing)")
            : string.Concat(named.Select(key => Text(key.Key, key, cluster)));
    }

    // What stands around the key is for people; openssl and verify skip it.
    static string Text(string base64, IEnumerable<string> trails, string cluster)
    {
        try
        {
            var key = VerifyingKey.FromBase64(base64);
            var names = string.Join(", ", trails.Order(StringComparer.Ordinal));
            return $"# The operator of {Printable.Escape(cluster)}, of the Trails {names}\n"
                + $"# Key id {key.Id}\n{key.Pem}";
        }
        catch (KeyRefusedException e)
        {
            throw new TrailException(
                ExitCode.Unreadable,
                $"status.integrity.operatorPublicKey of Trail {trails.First()} of {cluster} is no key: {e.Message}", e);
        }
    }
}
