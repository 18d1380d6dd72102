using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>The clusters, users and contexts of one or several kubeconfig files.</summary>
/// <remarks>As with kubectl, of two entries of one name the first file's counts.</remarks>
sealed class Kubeconfig
{
    static readonly string[] Unsupported = ["as", "as-uid", "as-groups", "as-user-extra", "auth-provider"];

    readonly IReadOnlyList<string> files;
    readonly Dictionary<string, YamlSection> clusters = [];
    readonly Dictionary<string, YamlSection> users = [];
    readonly Dictionary<string, YamlSection> contexts = [];
    string? currentContext;

    Kubeconfig(IReadOnlyList<string> read) => files = read;

    string Files => string.Join(", ", files);

    /// <summary>The files that kubectl would read.</summary>
    public static IReadOnlyList<string> FindFiles(string? given, Func<string, string?> variable)
    {
        if (given is not null)
            return [given];
        if (variable("KUBECONFIG") is { Length: > 0 } list)
        {
            var names = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
            // A list may name files that are made only later.
            return names.Length == 1 ? names : [.. names.Where(File.Exists)];
        }

        return variable("HOME") is { Length: > 0 } home && Path.Combine(home, ".kube", "config") is var usual && File.Exists(usual)
            ? [usual]
            : [];
    }

    /// <exception cref="ConnectionException">A file is wrong.</exception>
    public static Kubeconfig Load(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            throw new ConnectionException("There is no kubeconfig. Set KUBECONFIG, or create ~/.kube/config.");
        var config = new Kubeconfig(paths);
        foreach (var path in paths)
        {
            if (KubeconfigFile.Read(path) is { } root)
                config.Add(root);
        }

        return config;
    }

    /// <param name="name">The context; nothing for the current one.</param>
    /// <exception cref="ConnectionException">The context, its cluster or its user is missing or wrong.</exception>
    public ClusterConnection Connect(string? name, TimeProvider time)
    {
        name ??= currentContext
            ?? throw new ConnectionException(
                $"{Files}: current-context is not set. Set it with 'kubectl config use-context', or name a context.");
        var context = Find(contexts, "context", name, $"{Files}: there is no context '{name}'");
        var here = $"{Files}: the context '{name}'";
        var cluster = Find(clusters, "cluster", context.Required("cluster"), $"{here} names a cluster that does not exist");
        var user = context.Text("user") is { } userName ? Find(users, "user", userName, $"{here} names a user that does not exist") : null;
        return Connect(cluster, user, context.Text("namespace"), time);
    }

    static ClusterConnection Connect(YamlSection cluster, YamlSection? user, string? @namespace, TimeProvider time)
    {
        var skip = cluster.Flag("insecure-skip-tls-verify");
        var authority = cluster.Bytes("certificate-authority-data", "certificate-authority");
        if (skip && authority is not null)
            throw cluster.Wrong("insecure-skip-tls-verify", "cannot be true together with a certificate authority");
        var certificate = user is null ? null : ReadCertificate(user);
        return new()
        {
            Server = ReadUri(cluster, "server", cluster.Required("server"), "http", "https"),
            Namespace = @namespace,
            SkipTlsVerification = skip,
            Authorities = authority is null ? null : ReadAuthorities(cluster, authority),
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = cluster.Text("proxy-url") is { } proxy ? ReadUri(cluster, "proxy-url", proxy, "http", "https", "socks5") : null,
            Certificate = certificate,
            Credentials = user is null ? new FixedCredential(Credential.None) : ReadCredentials(cluster, user, certificate, time),
        };
    }

    static ICredentialSource ReadCredentials(
        YamlSection cluster, YamlSection user, X509Certificate2Collection? certificate, TimeProvider time)
    {
        if (Unsupported.FirstOrDefault(user.Has) is { } field)
            throw user.Wrong(field, "is not supported; use a token, a certificate or exec");
        if (user.Section("exec") is { } exec)
            return ExecPlugin.Read(exec, cluster, certificate, time);
        var also = new Credential(Certificate: certificate);
        if (user.Text("tokenFile") is { } tokenFile)
            return new TokenFile(user.PathOf(tokenFile), also, time);
        return new FixedCredential(also with { Authorization = ReadAuthorization(user) });
    }

    static AuthenticationHeaderValue? ReadAuthorization(YamlSection user)
    {
        if (user.Text("token") is { } token)
            return new("Bearer", token);
        return user.Text("username") is { } name
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}")))
            : null;
    }

    static X509Certificate2Collection? ReadCertificate(YamlSection user)
    {
        var certificate = user.Bytes("client-certificate-data", "client-certificate");
        var key = user.Bytes("client-key-data", "client-key");
        if (certificate is null != key is null)
            throw user.Wrong(key is null ? "client-key" : "client-certificate", "is missing, but its other half is given");
        if (certificate is null)
            return null;
        try
        {
            return ClientCertificate.FromPem(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key!));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw user.Wrong("client-certificate", "and client-key must be a certificate and its unencrypted key, both as PEM", e);
        }
    }

    static X509Certificate2Collection ReadAuthorities(YamlSection cluster, byte[] pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException e)
        {
            throw cluster.Wrong("certificate-authority", "must be certificates as PEM", e);
        }

        return authorities.Count > 0 ? authorities : throw cluster.Wrong("certificate-authority", "holds no certificate; it must be PEM");
    }

    static Uri ReadUri(YamlSection section, string field, string text, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)
            ? uri
            : throw section.Wrong(field, $"must be an address that begins with {string.Join(" or ", schemes.Select(one => one + "://"))}");

    void Add(YamlSection root)
    {
        currentContext ??= root.Text("current-context");
        Add(root, "clusters", clusters);
        Add(root, "users", users);
        Add(root, "contexts", contexts);
    }

    static void Add(YamlSection root, string field, Dictionary<string, YamlSection> entries)
    {
        foreach (var (name, section) in root.Named(field))
            entries.TryAdd(name, section);
    }

    // A user without anything is anonymous; the other two cannot be empty.
    static YamlSection Find(Dictionary<string, YamlSection> entries, string field, string name, string missing) =>
        entries.TryGetValue(name, out var entry)
            ? entry.Section(field) ?? (field == "user" ? entry : throw entry.Wrong(field, "is missing"))
            : throw new ConnectionException($"{missing}. It has: {(entries.Count == 0 ? "none" : string.Join(", ", entries.Keys))}.");
}
