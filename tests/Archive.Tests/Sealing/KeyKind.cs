namespace ClusterTrail.Archive.Tests.Sealing;

public enum KeyKind
{
    Rsa1024,
    Rsa2048,
    Rsa3072,
    RsaPss,
    Ed25519,
    P256,
    P384,
    P521,
    Secp256k1,
    ExplicitCurve,
}
