using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>What a receiver shows, and whom it lets in.</summary>
/// <param name="Authorities">Null: anybody.</param>
sealed record LoadedCertificates(SslStreamCertificateContext Server, X509Certificate2Collection? Authorities, DateTimeOffset ExpiresAt);
