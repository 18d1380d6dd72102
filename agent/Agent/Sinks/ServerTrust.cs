using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterTrail.Agent.Files;
using ClusterTrail.Contract.Reading;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Sinks;

/// <summary>The certificate authorities of one server, trusted for nothing else; a renewed file takes effect immediately.</summary>
/// <remarks>Guarantee: an invalid file changes nothing; it is reported, and the previous authorities stay active.</remarks>
sealed class ServerTrust
{
    static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    readonly TrustNames names;
    readonly TimeProvider time;
    readonly ReloadedFile<X509Certificate2Collection>? authorities;
    readonly Lock gate = new();
    long lookedAt;

    /// <exception cref="SinkException">The authorities cannot be used.</exception>
    public ServerTrust(TrustNames names, TimeProvider time, ILogger logger)
    {
        (this.names, this.time, lookedAt) = (names, time, time.GetTimestamp());
        try
        {
            authorities = names.AuthoritiesPath is { } path ? new(path, Read, _ => { }, time, logger) : null;
        }
        catch (Exception e) when (e is ConfigurationException or CryptographicException)
        {
            throw new SinkException("NoCertificateAuthority", $"{names.AuthoritiesField}: {e.Message}", e);
        }
    }

    /// <summary>Why the newest file was rejected; null if it is the active one.</summary>
    public string? Error => authorities?.Status.LastError;

    public SslClientAuthenticationOptions Options => new()
    {
        // With authorities of its own the platform's judgement of the chain is not asked for, and need not fetch anything for it.
        CertificateChainPolicy = authorities is null ? null : Policy([], null),
        RemoteCertificateValidationCallback = Validate,
    };

    /// <summary>Takes a renewed file, if there is one; cheap enough to be asked before each request.</summary>
    public void Look()
    {
        if (authorities is null || !gate.TryEnter())
        {
            return;
        }

        try
        {
            if (time.GetElapsedTime(lookedAt) >= Freshness)
            {
                lookedAt = time.GetTimestamp();
                authorities.Look();
            }
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <exception cref="UntrustedServerException">It is not to be trusted.</exception>
    bool Validate(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate || chain is null)
        {
            throw new UntrustedServerException("It sent no certificate.");
        }

        using var own = authorities is null
            ? null
            : new X509Chain { ChainPolicy = Policy(authorities.Current, chain.ChainPolicy.ExtraStore) };
        var isForHost = !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        var isGood = isForHost && (own?.Build(certificate) ?? errors == SslPolicyErrors.None);
        return isGood
            ? isGood
            : throw new UntrustedServerException(CertificateProblems.Explain(
                certificate, own ?? chain, isForHost ? null : ((SslStream)sender).TargetHostName, names));
    }

    static X509ChainPolicy Policy(X509Certificate2Collection trusted, X509Certificate2Collection? shown)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { new("1.3.6.1.5.5.7.3.1") }, // a server's certificate, RFC 5280 section 4.2.1.12
        };
        policy.CustomTrustStore.AddRange(trusted);
        policy.ExtraStore.AddRange(shown ?? []);
        return policy;
    }

    static X509Certificate2Collection Read(string path, ReadOnlyMemory<byte> pem)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPem(Utf8Text.Decode(pem));
        }
        catch (CryptographicException e)
        {
            throw new ConfigurationException($"{path} holds a certificate that cannot be read: {e.Message}", e);
        }

        return read.Count > 0 ? read : throw new ConfigurationException($"{path} holds no PEM certificate.");
    }
}

/// <summary>What the configuration calls a server's address and authorities.</summary>
/// <param name="AddressField">The field of its address.</param>
/// <param name="AuthoritiesField">The field that names the file of its authorities.</param>
/// <param name="AuthoritiesPath">That file; null trusts the system's.</param>
sealed record TrustNames(string AddressField, string AuthoritiesField, string? AuthoritiesPath);
