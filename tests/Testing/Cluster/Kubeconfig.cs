namespace ClusterTrail.Testing.Cluster;

/// <summary>Writes kubeconfig files.</summary>
static class Kubeconfig
{
    public static string OfToken(Uri server, string authorityPem, string token) => Of(server, authorityPem, $"{{ token: \"{token}\" }}");

    public static string OfCertificate(Uri server, string authorityPem, (string Certificate, string Key) client) =>
        Of(server, authorityPem, $"{{ client-certificate-data: {Base64(client.Certificate)}, client-key-data: {Base64(client.Key)} }}");

    /// <summary>As the API server takes it for its webhook backends: here over plain HTTP, to a test's receiver.</summary>
    public static string OfWebhook(Uri url) => $$"""
        apiVersion: v1
        kind: Config
        current-context: webhook
        contexts: [{ name: webhook, context: { cluster: webhook, user: "" } }]
        clusters: [{ name: webhook, cluster: { server: "{{url}}" } }]
        """;

    /// <summary>The same over TLS, with a client certificate.</summary>
    public static string OfWebhook(Uri url, string authorityPem, (string Certificate, string Key) client) => $$"""
        apiVersion: v1
        kind: Config
        current-context: webhook
        contexts: [{ name: webhook, context: { cluster: webhook, user: kube-apiserver } }]
        clusters: [{ name: webhook, cluster: { server: "{{url}}", certificate-authority-data: {{Base64(authorityPem)}} } }]
        users: [{ name: kube-apiserver, user: { client-certificate-data: {{Base64(client.Certificate)}}, client-key-data: {{Base64(client.Key)}} } }]
        """;

    static string Of(Uri server, string authorityPem, string user) => $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{ name: test, context: { cluster: test, user: test } }]
        clusters: [{ name: test, cluster: { server: "{{server.GetLeftPart(UriPartial.Authority)}}", certificate-authority-data: {{Base64(authorityPem)}} } }]
        users: [{ name: test, user: {{user}} }]
        """;

    static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text));
}
