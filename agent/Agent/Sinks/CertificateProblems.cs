using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sinks;

/// <summary>Says what is wrong with a server's certificate, and what to do about it.</summary>
static partial class CertificateProblems
{
    const int MostNames = 5;
    const int LongestName = 200;

    // Those with a sentence of their own.
    const X509ChainStatusFlags Explained =
        X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <param name="chain">As it was judged.</param>
    /// <param name="host">The host that the certificate is not for; null when it is.</param>
    public static string Explain(X509Certificate2 certificate, X509Chain chain, string? host, TrustNames names)
    {
        List<string> problems = [];
        if (host is not null)
        {
            problems.Add(
                $"its certificate is for {NamesOf(certificate)}, and not for {host}: correct {names.AddressField}, or the certificate");
        }

        foreach (var element in chain.ChainElements.Where(element => Has(element.ChainElementStatus, X509ChainStatusFlags.NotTimeValid)))
        {
            var isServers = element.Certificate.Equals(certificate);
            problems.Add(OutOfTime(element.Certificate, isServers, chain.ChainPolicy.VerificationTime, names));
        }

        if (Has(chain.ChainStatus, X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain))
        {
            problems.Add(Untrusted(chain.ChainElements is { Count: > 0 } elements ? elements[^1].Certificate : certificate, names));
        }

        problems.AddRange(
            from status in chain.ChainStatus
            where (status.Status & ~Explained) != 0
            select $"its certificate is not good ({status.Status}): {Line(status.StatusInformation).Trim(' ', '.')}");
        return problems.Count == 0 ? "its certificate is not accepted." : $"{string.Join("; ", problems)}.";
    }

    static string OutOfTime(X509Certificate2 certificate, bool isServers, DateTime now, TrustNames names)
    {
        var there = names.AuthoritiesPath is { } path ? $", and in {names.AuthoritiesField} {path}" : "";
        var (whose, remedy) = isServers
            ? ("its certificate", "renew it at the server")
            : ($"its certificate authority {Line(certificate.Subject)}", $"renew it at the server{there}");
        return certificate.NotAfter < now
            ? $"{whose} expired on {Utc(certificate.NotAfter)}: {remedy}"
            : $"{whose} is not valid before {Utc(certificate.NotBefore)}: correct the node's clock, or the certificate";
    }

    static string Untrusted(X509Certificate2 last, TrustNames names) => $"its certificate was issued by {Line(last.Issuer)}, which "
        + (names.AuthoritiesPath is { } path
            ? $"is not in {names.AuthoritiesField} {path}: put the certificate of that authority there"
            : $"the system does not trust: set {names.AuthoritiesField} to a file with the certificate of that authority");

    static string NamesOf(X509Certificate2 certificate)
    {
        var extensions = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        List<string> all =
        [
            .. extensions.SelectMany(extension => extension.EnumerateDnsNames()),
            .. extensions.SelectMany(extension => extension.EnumerateIPAddresses()).Select(address => $"{address}"),
        ];
        return all.Count == 0
            ? "no host at all"
            : Line(string.Join(", ", all.Take(MostNames))) + (all.Count > MostNames ? " and others" : "");
    }

    static bool Has(IEnumerable<X509ChainStatus> statuses, X509ChainStatusFlags any) => statuses.Any(status => (status.Status & any) != 0);

    static string Utc(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // The text comes from the server, which need not be trustworthy.
    static string Line(string text)
    {
        var line = ControlCharacters().Replace(text, " ");
        return line.Length <= LongestName ? line : line[..LongestName];
    }

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex ControlCharacters();
}
