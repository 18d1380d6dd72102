using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterTrail.Agent.Telemetry;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>The server's certificate, and who may connect: read from files that may change at any time.</summary>
/// <remarks>
/// Guarantees: a change counts for the next connection and ends none; files that cannot be used change nothing, and the reason is in
/// <see cref="Problem"/>. If there are authorities, a connection without a certificate that they signed for a client sends
/// no request.
/// </remarks>
sealed class ReceiverCertificates(ReceiverTls tls, ReceiverLog log, TimeProvider time)
{
    const string ForClients = "1.3.6.1.5.5.7.3.2";

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    byte[] seen = [];
    long lookedAt;
    volatile LoadedCertificates? current;

    /// <summary>Why the files cannot be used; null if they can.</summary>
    public string? Problem { get; private set; }

    public DateTimeOffset? ExpiresAt => current?.ExpiresAt;

    /// <summary>Why an agent with this configuration would not start; null if it would. For those who only check.</summary>
    public static string? Check(ReceiverTls tls)
    {
        try
        {
            CertificateFiles.Read(tls).Parse();
            return null;
        }
        catch (Exception e) when (IsUnusable(e))
        {
            return Describe(tls, e);
        }
    }

    /// <summary>Reads the files, if they may have changed.</summary>
    /// <returns>Whether there is a certificate.</returns>
    public bool Look()
    {
        lock (gate)
        {
            if (current is not null && time.GetElapsedTime(lookedAt) < LookEvery)
                return true;
            lookedAt = time.GetTimestamp();
            try
            {
                Load();
                Problem = null;
            }
            catch (Exception e) when (IsUnusable(e))
            {
                Problem = Describe(tls, e) + (current is null ? "" : " The certificates before remain.");
            }

            return current is not null;
        }
    }

    /// <summary>How the next connection is made.</summary>
    public SslServerAuthenticationOptions ForConnection()
    {
        Look();
        var loaded = current!;
        return new()
        {
            ServerCertificateContext = loaded.Server,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = loaded.Authorities is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            RemoteCertificateValidationCallback = loaded.Authorities is not { } authorities ? null
                : (_, certificate, _, _) => IsClient(certificate as X509Certificate2, authorities),
        };
    }

    static bool IsUnusable(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException or ArgumentException;

    static string Describe(ReceiverTls tls, Exception e) =>
        $"{tls} cannot be used: {e.Message}";

    bool IsClient(X509Certificate2? certificate, X509Certificate2Collection authorities)
    {
        if (certificate is null)
        {
            log.Refuse(ReceiverResult.NoCertificate, "A connection had no client certificate.");
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForClients));
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        if (chain.Build(certificate))
            return true;
        var why = string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
        log.Refuse(ReceiverResult.WrongCertificate, $"The client certificate {Printable(certificate)} is not accepted: {why}");
        return false;
    }

    /// <summary>The common name of a client, for people; what others wrote into it is bounded and printable.</summary>
    public static string Printable(X509Certificate2? certificate)
    {
        var name = certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) ?? "";
        return new([.. name.Take(128).Select(one => char.IsAscii(one) && !char.IsControl(one) ? one : '?')]);
    }

    void Load()
    {
        var files = CertificateFiles.Read(tls);
        if (files.Hash.AsSpan().SequenceEqual(seen))
            return;
        current = files.Parse();
        seen = files.Hash;
    }
}
