using System.ComponentModel;
using System.Diagnostics;

namespace ClusterTrail.Archive.Tests.Sealing;

/// <summary>The real openssl, in a folder of its own that goes away with it.</summary>
sealed class OpenSsl : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("clustertrail-openssl-").FullName;

    /// <summary>Skips the test where there is no openssl.</summary>
    internal static OpenSsl Require()
    {
        var openssl = new OpenSsl();
        try
        {
            openssl.Run("version");
        }
        catch (Win32Exception)
        {
            Assert.Skip("openssl is not installed; install it to prove that it opens what ClusterTrail seals.");
        }
        return openssl;
    }

    internal string PrivateKey(KeyKind kind, string name = "key")
    {
        Run(["genpkey", .. Arguments(kind), "-out", $"{name}.pem"]);
        return Text($"{name}.pem");
    }

    internal string PublicKey(string name = "key")
    {
        Run("pkey", "-in", $"{name}.pem", "-pubout", "-out", $"{name}.pub.pem");
        return Text($"{name}.pub.pem");
    }

    internal string Certificate(string name = "key", params string[] more)
    {
        Run(["req", "-x509", "-new", "-key", $"{name}.pem", "-subj", "/CN=clustertrail", "-out", $"{name}.crt", .. more]);
        return Text($"{name}.crt");
    }

    /// <summary>What the manual tells people to run when they do without ClusterTrail.</summary>
    internal byte[] Decrypt(byte[] cms, string name = "key")
    {
        Write("envelope.cms", cms);
        Run("cms", "-decrypt", "-binary", "-inform", "DER", "-in", "envelope.cms", "-inkey", $"{name}.pem", "-out", "plain");
        return File.ReadAllBytes(PathOf("plain"));
    }

    internal void Write(string name, byte[] content) => File.WriteAllBytes(PathOf(name), content);

    internal string Text(string name) => File.ReadAllText(PathOf(name));

    internal void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {error.Result}");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    string PathOf(string name) => Path.Combine(Folder, name);

    static string[] Arguments(KeyKind kind) => kind switch
    {
        KeyKind.Rsa1024 => ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        KeyKind.Rsa2048 => ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        KeyKind.Rsa3072 => ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
        KeyKind.Ed25519 => ["-algorithm", "ED25519"],
        KeyKind.RsaPss => ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        KeyKind.P256 => ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        KeyKind.P384 => ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        KeyKind.P521 => ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        KeyKind.Secp256k1 => ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
        KeyKind.ExplicitCurve => ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
