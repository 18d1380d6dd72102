using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Tests.Sealing;
using ClusterTrail.Testing;

namespace ClusterTrail.Archive.Tests.Digests;

/// <summary>Digests sealed once, long ago as far as these tests know: what is in archives must stay readable.</summary>
public sealed class DigestVectorTests
{
    static readonly string Archive = PathOf("archive");

    [Fact]
    public void AChainOfEarlierStaysReadable()
    {
        var signed = Stored("digests").Select(path => SignedObject.Read(File.ReadAllBytes(path))).ToList();

        var digests = signed.Select(Digest.Read).ToList();

        Assert.Equal([DigestReason.Start, DigestReason.Period, DigestReason.Stop], digests.Select(digest => digest.Reason));
        Assert.Equal(Stored("digests"), digests.Select((digest, at) => digest.NameOf(signed[at]).ToString()), SamePath);
        Assert.Equal([null, signed[0].Sha256, signed[1].Sha256], digests.Select(digest => digest.Previous?.Sha256));
        Assert.Equal([PublicKey("agent-1"), PublicKey("agent-1"), PublicKey("agent-2")], digests.Select(digest => digest.Key));
        Assert.Equal(digests[2].Key, digests[1].NextKey);
        Assert.All(digests, (digest, at) => Assert.True(signed[at].IsSignedBy(digest.Key)));
    }

    [Fact]
    public void WhatAnOperatorSaidStaysReadable()
    {
        var signed = Stored("digests", "archive-1.1").Select(path => SignedObject.Read(File.ReadAllBytes(path))).ToList();

        var digests = signed.Select(Digest.Read).ToList();

        Assert.All(digests, (digest, at) => Assert.True(signed[at].IsSignedBy(PublicKey("agent-1"))));
        Assert.Equal([null, 0, 7, 7], digests.Select(digest => digest.Completeness?.Counts?.MissingAtLeast));
        Assert.Equal([null, 12, 9, 7], digests.Select(digest => digest.Completeness?.Counts?.MissingAtMost));
        Assert.Equal([null, null, "RotatedAway", "RotatedAway"], digests.Select(digest => digest.Completeness?.Counts?.Reason));
        Assert.Equal("the API server at 10.0.0.1:6443: Connection refused.", digests[3].Completeness!.NotCompared!.Reason);
        Assert.All(digests, (digest, at) => Assert.Equal(CanonicalJson.Write(digest.ToJson()), signed[at].SignedBytes.ToArray()[..^1]));
    }

    [Fact]
    public void ItNamesEveryBatchAsItIsStored()
    {
        var objects = Stored("digests").SelectMany(path => Digest.Read(SignedObject.Read(File.ReadAllBytes(path))).Objects).ToList();

        Assert.Equal(Stored("events"), objects.Select(one => one.Name), SamePath);
        Assert.All(objects, one => Assert.Equal(one.Sha256, HashOf(Path.Combine(Archive, one.Name))));
        Assert.All(objects, one => Assert.Equal(one.Bytes, new FileInfo(Path.Combine(Archive, one.Name)).Length));
    }

    [Fact]
    public void KeyRecordsOfEarlierStayReadable()
    {
        var theOperator = VerifyingKey.FromPem(File.ReadAllText(PathOf("operator.pub.pem")));
        var records = Stored("keys").Select(path => SignedObject.Read(File.ReadAllBytes(path))).ToList();

        var enrolment = KeyEnrolment.Read(records[0]);
        var retirement = KeyRetirement.Read(records[1]);

        Assert.All(records, record => Assert.True(record.IsSignedBy(theOperator)));
        Assert.Equal(PublicKey("agent-1"), enrolment.Key);
        Assert.Equal(PublicKey("agent-2").Id, retirement.KeyId);
        Assert.Equal(
            Stored("keys"), [enrolment.NameOf(records[0]).ToString(), retirement.NameOf(records[1]).ToString()], SamePath);
    }

    [Fact]
    public void TheCommandsOfTheReadmeCheckADigestAndFindAChangedOne()
    {
        using var openssl = OpenSsl.Require();
        var digest = File.ReadAllText(Stored("digests")[1]);
        openssl.Write("key.pub", Encoding.ASCII.GetBytes(PublicKey("agent-1").Pem));
        openssl.Write("right.json", Encoding.UTF8.GetBytes(digest));
        openssl.Write("changed.json", Encoding.UTF8.GetBytes(digest.Replace("\"events\":412", "\"events\":413", StringComparison.Ordinal)));

        var right = Bash(openssl, "right.json");
        var changed = Bash(openssl, "changed.json");

        Assert.Equal((0, "Verified OK\n"), right);
        Assert.Equal((1, "Verification failure\n"), changed);
    }

    static (int ExitCode, string Output) Bash(OpenSsl openssl, string digest)
    {
        var start = new ProcessStartInfo("bash", ["-c", DocumentedLine.Of("README.md", "openssl-digest")])
        {
            WorkingDirectory = openssl.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DIGEST"] = digest, ["KEY"] = "key.pub" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = errors.Result;
        return (process.ExitCode, output);
    }

    static VerifyingKey PublicKey(string name)
    {
        using var key = SigningKey.FromPem(File.ReadAllText(PathOf($"{name}.key.pem")));
        return key.Public;
    }

    static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    static List<string> Stored(string kind, string archive = "archive") =>
        [.. Directory.EnumerateFiles(Path.Combine(PathOf(archive), kind), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    static bool SamePath(string stored, string name) => stored.EndsWith("/" + name, StringComparison.Ordinal);

    static string PathOf(string name, [CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "data", "digests", name));
}
