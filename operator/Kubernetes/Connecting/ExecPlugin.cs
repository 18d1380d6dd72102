using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>
/// A program that gives credentials, such as <c>aws eks get-token</c>. It is called when the last ones expire, or are not taken.
/// </summary>
sealed class ExecPlugin(ExecCommand command, X509Certificate2Collection? certificate, TimeProvider time) : ICredentialSource
{
    static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    readonly Lock deciding = new();
    Task<Given>? last;

    /// <exception cref="ConnectionException">A field is missing or wrong.</exception>
    public static ExecPlugin Read(YamlSection exec, YamlSection cluster, X509Certificate2Collection? certificate, TimeProvider time)
    {
        var version = exec.Required("apiVersion");
        if (!Versions.Contains(version))
            throw exec.Wrong("apiVersion", $"must be {string.Join(" or ", Versions)}");
        if (exec.Text("interactiveMode") == "Always")
            throw exec.Wrong("interactiveMode", "is Always, but there is no terminal to ask on");

        var name = exec.Required("command");
        return new(
            new()
            {
                // As in a shell, only a path is a path; a plain name is looked up.
                Command = name.Contains('/') ? exec.PathOf(name) : name,
                Arguments = exec.Texts("args"),
                Variables = [.. exec.Named("env").Select(one => KeyValuePair.Create(one.Name, one.Section.Text("value") ?? ""))],
                Version = version,
                Info = ExecInfo.Write(version, exec.Flag("provideClusterInfo") ? cluster : null),
                InstallHint = exec.Text("installHint"),
            },
            certificate, time);
    }

    public async ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellationToken)
    {
        Task<Given> call;
        lock (deciding)
        {
            // Of many requests that were rejected together, the first runs the plugin, and the others use its result.
            if (last is null || (last.IsCompleted && !IsGood(last, refused)))
                last = CallAsync();
            call = last;
        }

        return (await call.WaitAsync(cancellationToken)).Credential;
    }

    bool IsGood(Task<Given> call, Credential? refused) =>
        call.IsCompletedSuccessfully && !ReferenceEquals(call.Result.Credential, refused) && time.GetUtcNow() < call.Result.Expires;

    // Others wait for it too, so it does not end with one who no longer does.
    async Task<Given> CallAsync()
    {
        var output = await command.RunAsync(time, CancellationToken.None);
        try
        {
            return Read(JsonSerializer.Deserialize<ExecCredential>(output, KubernetesJson.Options));
        }
        // Its message may quote the output.
        catch (Exception e) when (e is JsonException or CryptographicException or ArgumentException)
        {
            throw command.Wrong("did not print an ExecCredential that can be read");
        }
    }

    Given Read(ExecCredential? given)
    {
        if (given is not { Kind: "ExecCredential", Status: { } status })
            throw command.Wrong("printed an ExecCredential without a status");
        if (given.ApiVersion != command.Version)
            throw command.Wrong($"printed an ExecCredential of another apiVersion than {command.Version}");
        if (status.Token is not { Length: > 0 } && status.ClientCertificateData is not { Length: > 0 })
            throw command.Wrong("printed neither a token nor a certificate");
        var own = status.ClientCertificateData is { Length: > 0 } pem
            ? ClientCertificate.FromPem(pem, status.ClientKeyData ?? "")
            : certificate;
        var authorization = status.Token is { Length: > 0 } token ? Credential.Bearer(token).Authorization : null;
        return new(new(authorization, own), status.ExpirationTimestamp ?? DateTimeOffset.MaxValue);
    }

    sealed record Given(Credential Credential, DateTimeOffset Expires);

    sealed class ExecCredential
    {
        public string? ApiVersion { get; init; }
        public string? Kind { get; init; }
        public ExecCredentialStatus? Status { get; init; }
    }

    sealed class ExecCredentialStatus
    {
        public string? Token { get; init; }
        public string? ClientCertificateData { get; init; }
        public string? ClientKeyData { get; init; }
        public DateTimeOffset? ExpirationTimestamp { get; init; }
    }
}
