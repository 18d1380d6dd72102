namespace ClusterTrail.Archive.Sealing;

/// <summary>The object identifiers of an envelope.</summary>
static class Oids
{
    internal const string Data = "1.2.840.113549.1.7.1";
    internal const string AuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";
    internal const string Aes256Gcm = "2.16.840.1.101.3.4.1.46";
    internal const string Aes256WrapPad = "2.16.840.1.101.3.4.1.48";
    internal const string Sha256 = "2.16.840.1.101.3.4.2.1";
    internal const string Mgf1 = "1.2.840.113549.1.1.8";
    internal const string Rsa = "1.2.840.113549.1.1.1";
    internal const string RsaesOaep = "1.2.840.113549.1.1.7";
    internal const string EcPublicKey = "1.2.840.10045.2.1";
    internal const string EcdhSha256Kdf = "1.3.132.1.11.1";
    internal const string P256 = "1.2.840.10045.3.1.7";
    internal const string P384 = "1.3.132.0.34";
}
