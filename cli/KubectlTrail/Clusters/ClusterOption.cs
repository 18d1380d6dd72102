using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubernetes.Connecting;

namespace ClusterTrail.Kubectl.Clusters;

/// <summary>Which cluster a command asks: kubectl's by default.</summary>
static class ClusterOption
{
    internal static readonly Option<string?> Kubeconfig =
        new("--kubeconfig") { Description = "The kubeconfig file. The default is kubectl's.", HelpName = "FILE" };

    internal static readonly Option<string?> Context =
        new("--context") { Description = "The context of the kubeconfig. The default is the current context.", HelpName = "NAME" };

    /// <exception cref="TrailException">There is no such cluster.</exception>
    internal static ClusterConnection Find(ParseResult arguments)
    {
        try
        {
            return ClusterConnection.Find(arguments.GetValue(Kubeconfig), arguments.GetValue(Context));
        }
        catch (ConnectionException e)
        {
            throw new TrailException(ExitCode.BadUsage, e.Message, e);
        }
    }
}
