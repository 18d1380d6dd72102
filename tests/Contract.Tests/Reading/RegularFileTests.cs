using System.Diagnostics;
using System.Text;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;

namespace ClusterTrail.Contract.Tests.Reading;

public sealed class RegularFileTests : IDisposable
{
    const long ThreeGigabytes = 3L << 30;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void AFileUpToTheBoundIsReadWhole(int bytes)
    {
        var content = Enumerable.Range(0, bytes).Select(at => (byte)at).ToArray();
        File.WriteAllBytes(folder.Join("file"), content);

        Assert.Equal(content, RegularFile.Read(folder.Join("file"), mostBytes: 10_000));
    }

    [Fact]
    public void AFileBeyondTheBoundIsNamedWithTheBound()
    {
        File.WriteAllBytes(folder.Join("file"), new byte[2049]);

        var e = Assert.Throws<IOException>(() => RegularFile.Read(folder.Join("file"), mostBytes: 2048));

        Assert.Equal($"'{folder.Join("file")}' is larger than 2 KiB.", e.Message);
    }

    [Fact]
    public void ThreeGigabytesThroughALinkAreNotRead()
    {
        using (var large = File.Create(folder.Join("large")))
            large.SetLength(ThreeGigabytes);
        File.CreateSymbolicLink(folder.Join("agent.json"), "large");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = ContractFiles.Refusal(() => Contracts.LoadAgent(folder.Join("agent.json")));

        Assert.Contains("is larger than 4096 KiB.", Assert.Single(refusal), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    // A file of /proc says that it has no bytes.
    [Fact]
    public void AFileIsReadToItsEndWhateverItsLength()
    {
        var status = Encoding.UTF8.GetString(RegularFile.Read("/proc/self/status"));

        Assert.Contains("VmRSS:", status, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => RegularFile.Read("/proc/self/status", mostBytes: 100));
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("link to a pipe")]
    [InlineData("folder")]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("link to a device")]
    public void WhatIsNotARegularFileIsNamedAndDoesNotBlock(string kind)
    {
        var path = kind.StartsWith('/') ? kind : folder.Join("file");
        using var made = kind.EndsWith("pipe", StringComparison.Ordinal) ? Process.Start("mkfifo", folder.Join("pipe")) : null;
        made?.WaitForExit();
        if (kind == "folder")
            Directory.CreateDirectory(path);
        else if (kind == "pipe")
            path = folder.Join("pipe");
        else if (kind.StartsWith("link", StringComparison.Ordinal))
            File.CreateSymbolicLink(path, made is null ? "/dev/zero" : "pipe");

        var refusal = ContractFiles.Refusal(() => Contracts.LoadAgent(path));

        Assert.Equal($"{path}: the file cannot be read: '{path}' is not a regular file.", Assert.Single(refusal));
    }

    // As the kubelet mounts a ConfigMap: the file is a link, through a link, to a folder that is replaced.
    [Fact]
    public void LinksToRegularFilesAreFollowed()
    {
        Directory.CreateDirectory(folder.Join("..2026"));
        File.WriteAllText(folder.Join("..2026/agent.json"), Some.Agent().ToJsonString());
        Directory.CreateSymbolicLink(folder.Join("..data"), "..2026");
        File.CreateSymbolicLink(folder.Join("agent.json"), "..data/agent.json");

        Assert.Equal("prod", Contracts.LoadAgent(folder.Join("agent.json")).ClusterName);
    }

    [Fact]
    public void AMissingFileAndALinkToItselfAreNamed()
    {
        File.CreateSymbolicLink(folder.Join("loop"), "loop");

        Assert.Throws<FileNotFoundException>(() => RegularFile.Read(folder.Join("missing")));
        Assert.Contains("loop", Assert.Throws<IOException>(() => RegularFile.Read(folder.Join("loop"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APathWithNulDoesNotMeanWhatIsInFrontOfIt()
    {
        File.WriteAllText(folder.Join("file"), "text");

        Assert.Throws<IOException>(() => RegularFile.Read(folder.Join("file\0.pem")));
    }

    [Fact]
    public void AByteOrderMarkIsNotPartOfTheText()
    {
        File.WriteAllBytes(folder.Join("file"), [0xef, 0xbb, 0xbf, (byte)'a']);

        Assert.Equal("a", RegularFile.ReadText(folder.Join("file")));
    }
}
