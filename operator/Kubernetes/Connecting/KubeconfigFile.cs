using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Reads one kubeconfig file.</summary>
static class KubeconfigFile
{
    /// <returns>Nothing if the file is empty.</returns>
    /// <exception cref="ConnectionException">It cannot be read, or is not YAML.</exception>
    public static YamlSection? Read(string path)
    {
        try
        {
            using var text = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is YamlScalarNode { Value: null or "" }
                ? null
                : yaml.Documents[0].RootNode is YamlMappingNode root
                    ? new(root, path, $"{path}: ")
                    : throw new ConnectionException($"{path}: this is not a kubeconfig, because it is not a mapping.");
        }
        // The parser's own message may quote secrets.
        catch (YamlException e)
        {
            throw new ConnectionException($"{path}: line {e.Start.Line}, column {e.Start.Column}: this is not YAML.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"The kubeconfig {path} cannot be read: {e.Message}", e);
        }
    }
}
