using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

/// <summary>What can be told of the images without building them.</summary>
public sealed partial class DockerfileTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("agent", "agent/Agent/Agent.csproj")]
    [InlineData("operator", "operator/Operator/Operator.csproj")]
    [InlineData("verifier", "cli/KubectlTrail/KubectlTrail.csproj")]
    public void TheImageHoldsTheProgramThatItPublishes(string image, string project)
    {
        var (dockerfile, path) = (Read(image), Repository.PathOf(project));
        Assert.True(File.Exists(path), $"{project} is not there.");

        var program = XDocument.Load(path).Descendants("AssemblyName").Single().Value;

        Assert.Equal(Path.GetDirectoryName(project), Publish().Match(dockerfile).Groups["project"].Value);
        Assert.Contains($"COPY --from=build /out/{program} /usr/local/bin/{program}\n", dockerfile, StringComparison.Ordinal);
        var arguments = image == "verifier" ? ", \"verify\"" : "";
        Assert.EndsWith($"ENTRYPOINT [\"/usr/local/bin/{program}\"{arguments}]\n", dockerfile, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("operator")]
    [InlineData("verifier")]
    public void TheImageIsOfOneFileForNobody(string image)
    {
        var dockerfile = Read(image);

        Assert.Matches(Publish(), dockerfile);
        Assert.Contains("\nUSER 65532:65532\n", dockerfile, StringComparison.Ordinal);
        Assert.EndsWith("-chiseled", From().Matches(dockerfile)[^1].Groups["image"].Value.Split('@')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("operator")]
    [InlineData("verifier")]
    public void TheImageHasTheVersionOfThePrograms(string image)
    {
        var version = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.Contains($"org.opencontainers.image.version=\"{version}\"", Read(image), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsPublishedIsSentToTheBuilder()
    {
        var lines = File.ReadAllLines(Repository.PathOf(".dockerignore"));
        var sent = lines.Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.Equal([".editorconfig", "Directory.*", "LICENSE", "agent", "operator", "cli", "crds", "charts/clustertrail/detections"], sent);
        Assert.All(sent, pattern => Assert.NotEmpty(Directory.GetFileSystemEntries(Repository.PathOf(), pattern)));
    }

    // A warning is an error, and what is none is said in files that are easily left out.
    [Fact]
    [Requires(Requires.Sdk)]
    public async Task WhatIsSentToTheBuilderCompiles()
    {
        using var context = new TemporaryFolder();
        foreach (var pattern in File.ReadAllLines(Repository.PathOf(".dockerignore")).Where(line => line.StartsWith('!')))
            await CopyAsync(pattern[1..], context.Path);

        foreach (var image in (string[])["agent", "operator"])
        {
            var project = context.Join(Publish().Match(Read(image)).Groups["project"].Value);
            string[] build =
            [
                "build", project, "-c", "Release", "-v", "quiet", "-nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false",
                "-p:RestoreLockedMode=true",
            ];
            var built = await Tool.RunAsync("dotnet", build, Cancelled);
            Assert.True(built.ExitCode == 0, built.Output);
        }
    }

    // Without what was built here.
    static async Task CopyAsync(string pattern, string to)
    {
        var script = $"tar --create --exclude=bin --exclude=obj {pattern} | tar --extract --directory '{to}'";
        var copied = await Tool.RunAsync("bash", ["-c", $"set -euo pipefail; cd '{Repository.PathOf()}'; {script}"], Cancelled);
        Assert.True(copied.ExitCode == 0, copied.Error);
    }

    static string Read(string image) => File.ReadAllText(Repository.PathOf($"Dockerfile.{image}"));

    [GeneratedRegex(
        """dotnet publish (?<project>\S+) --configuration Release --runtime "\$rid" """
            + """--self-contained --output /out -p:RestoreLockedMode=true"""
            + """ -p:PublishSingleFile=true -p:PublishReadyToRun=true""")]
    private static partial Regex Publish();

    [GeneratedRegex(@"^FROM (--platform=\S+ )?(?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
