using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ClusterTrail.Archive.Sealing;

/// <summary>The one object of a PEM text.</summary>
sealed record PemKey(string Label, byte[] Content)
{
    // openssl ecparam -genkey writes the curve in a block of its own before the key, which names it again.
    const string CurveLabel = "EC PARAMETERS";

    internal static PemKey Single(string pem, string allowed)
    {
        var keys = All(pem).Where(key => key.Label != CurveLabel).Take(2).ToArray();
        return keys switch
        {
            [var key] => key,
            [] => throw new KeyRefusedException($"This holds no PEM object; give {allowed}."),
            _ => throw new KeyRefusedException($"This holds more than one PEM object; give {allowed}."),
        };
    }

    /// <summary>Runs an import and turns the platform's refusals into a sentence.</summary>
    internal T Import<T>(Func<byte[], T> import, string allowed)
    {
        try
        {
            return import(Content);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            throw new KeyRefusedException($"The content of this {Label} cannot be read; give {allowed}.", e);
        }
    }

    static IEnumerable<PemKey> All(string pem)
    {
        // Editors of some systems put a byte order mark before the text, and PEM's reader takes nothing before it.
        var rest = pem.AsMemory().TrimStart('\uFEFF');
        while (PemEncoding.TryFind(rest.Span, out var fields))
        {
            yield return new(rest.Span[fields.Label].ToString(), Convert.FromBase64String(rest.Span[fields.Base64Data].ToString()));
            rest = rest[fields.Location.End..];
        }
    }
}
