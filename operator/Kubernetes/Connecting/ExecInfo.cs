using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>What a credential plugin gets in KUBERNETES_EXEC_INFO.</summary>
static class ExecInfo
{
    const string Extension = "client.authentication.k8s.io/exec";

    /// <param name="cluster">Only if the plugin wants to know.</param>
    public static string Write(string version, YamlSection? cluster)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (cluster is not null)
            spec["cluster"] = Describe(cluster);
        return new JsonObject { ["apiVersion"] = version, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }

    static JsonObject Describe(YamlSection cluster)
    {
        var described = new JsonObject { ["server"] = cluster.Required("server") };
        if (cluster.Text("tls-server-name") is { } name)
            described["tls-server-name"] = name;
        if (cluster.Flag("insecure-skip-tls-verify"))
            described["insecure-skip-tls-verify"] = true;
        if (cluster.Bytes("certificate-authority-data", "certificate-authority") is { } authority)
            described["certificate-authority-data"] = Convert.ToBase64String(authority);
        if (cluster.Text("proxy-url") is { } proxy)
            described["proxy-url"] = proxy;
        var extension = cluster.Named("extensions").FirstOrDefault(one => one.Name == Extension).Section;
        if (extension?.Section("extension") is { } config)
            described["config"] = ToJson(config.Node);
        return described;
    }

    static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(
            mapping.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, ToJson(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => ToJson(plain.Value),
        YamlScalarNode quoted => quoted.Value,
        _ => null,
    };

    static JsonNode? ToJson(string? plain) => plain switch
    {
        null or "" or "null" or "~" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => plain,
    };
}
