using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Reaches the cluster that this process runs in, with what Kubernetes gives to every pod.</summary>
static class InCluster
{
    const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <exception cref="ConnectionException">This process does not run in a pod, or the pod has no service account.</exception>
    public static ClusterConnection Connect(Func<string, string?> variable, TimeProvider time, string folder = Folder)
    {
        var host = variable("KUBERNETES_SERVICE_HOST");
        var port = variable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new ConnectionException(
                "There is no kubeconfig, and this is not a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set. "
                + "Set KUBECONFIG, or run in a cluster.");

        return new()
        {
            Server = new Uri($"https://{Bracketed(host)}:{number}/"),
            Namespace = ReadNamespace(Path.Combine(folder, "namespace")),
            Authorities = ReadAuthorities(Path.Combine(folder, "ca.crt")),
            Credentials = new TokenFile(Path.Combine(folder, "token"), Credential.None, time),
        };
    }

    static string Bracketed(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;

    static string? ReadNamespace(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    static X509Certificate2Collection ReadAuthorities(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConnectionException(
                $"The cluster's certificate authority {path} cannot be read: {e.Message} "
                + "Does the pod have automountServiceAccountToken: false?",
                e);
        }
    }
}
