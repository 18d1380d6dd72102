using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary><c>--verified</c>, of the archive of tests/data/digests and of damaged copies.</summary>
public sealed class VerifiedLookupTests : IDisposable
{
    static readonly string Data = Repository.PathOf("tests", "data", "digests");

    readonly TemporaryFolder folder = new();

    public VerifiedLookupTests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Data, "archive"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Archive, Path.GetRelativePath(Path.Combine(Data, "archive"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    string Archive => folder.Join("archive");

    string[] Batches => [.. Directory.EnumerateFiles(Path.Combine(Archive, "events"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("lookup")]
    [InlineData("query")]
    public async Task WhatDigestsNameIsShown(string command)
    {
        var all = await RunAsync(command);
        var verified = await RunAsync(command, "--verified", "--keys", Path.Combine(Data, "operator.pub.pem"));

        Assert.NotEmpty(all.Lines);
        Assert.Equal(all.Output, verified.Output);
    }

    [Theory]
    [InlineData("lookup")]
    [InlineData("query")]
    public async Task AnObjectThatWasChangedIsLeftOut(string command)
    {
        var all = await RunAsync(command);
        var first = Batches[0];
        File.WriteAllBytes(first, [.. File.ReadAllBytes(first), .. File.ReadAllBytes(Batches[^1])]);

        var verified = await RunAsync(command, "--verified", "--keys", Path.Combine(Data, "operator.pub.pem"));

        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("1 object is left out, because no verified digest names it as it is.", verified.Error, StringComparison.Ordinal);
        Assert.Contains("The archive is not as its digests say: ", verified.Error, StringComparison.Ordinal);
        Assert.True(verified.Lines.Length < all.Lines.Length);
    }

    [Fact]
    public async Task AnObjectThatSomebodyAddedIsLeftOut()
    {
        var all = await RunAsync("lookup");
        var added = Batches[0].Replace("-00000001-", "-00000777-", StringComparison.Ordinal);
        File.Copy(Batches[0], added);

        var verified = await RunAsync("lookup", "--verified", "--keys", Path.Combine(Data, "operator.pub.pem"));

        Assert.True((await RunAsync("lookup")).Lines.Length > all.Lines.Length);
        Assert.Equal(all.Output, verified.Output);
        Assert.Contains("UnnamedObject", verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithAnotherOperatorsKeyNothingIsVerified()
    {
        var outcome = await RunAsync("lookup", "--verified", "--keys", Write("other.pub.pem"));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("left out", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--verified needs --keys FILE, the operator's public key.", "--verified")]
    [InlineData("--keys is for --verified; give both.", "--keys", "KEY")]
    [InlineData("--follow shows objects before a digest names them; leave out --verified.", "--verified", "--keys", "KEY", "--follow")]
    public async Task WhatIsWrongIsASentence(string sentence, params string[] arguments)
    {
        var outcome = await RunAsync(
            "lookup", [.. arguments.Select(argument => argument == "KEY" ? Path.Combine(Data, "operator.pub.pem") : argument)]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    Task<Outcome> RunAsync(string command, params string[] arguments) => CommandLine.RunAsync(
        [command, Archive, .. command == "query" ? ["SELECT id FROM events ORDER BY id", "-o", "json"] : (string[])["-o", "json", "--limit", "0"], .. arguments]);

    string Write(string name)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        File.WriteAllText(folder.Join(name), key.ExportSubjectPublicKeyInfoPem());
        return folder.Join(name);
    }
}
