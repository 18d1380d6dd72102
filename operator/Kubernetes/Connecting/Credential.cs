using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>What we show to the API server.</summary>
/// <param name="Certificate">With its key, and the certificates between it and its authority after it.</param>
sealed record Credential(AuthenticationHeaderValue? Authorization = null, X509Certificate2Collection? Certificate = null)
{
    public static Credential None { get; } = new();

    public static Credential Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    // A generated one would print the token.
    public override string ToString() => nameof(Credential);
}
