using System.ComponentModel;
using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.K3s;

/// <summary>The docker program: images are built as the README has it, and taken out, for which Testcontainers has no call.</summary>
/// <param name="program">Its name, or its path.</param>
public sealed class DockerProgram(string program = "docker")
{
    /// <exception cref="MissingPartException">There is none, or its daemon does not answer.</exception>
    public async Task MustAnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(["version"], cancellationToken);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new MissingPartException(
                $"{ClusterFixture.Choice}={K3sCluster.Chosen} needs Docker, which does not answer here: {e.Message}");
        }
    }

    /// <summary>Builds both images from the repository's Dockerfiles, under the chart's names for them, into one archive.</summary>
    /// <param name="repository">Where the Dockerfiles are.</param>
    /// <param name="version">The chart's <c>appVersion</c>, which is their tag.</param>
    /// <param name="archive">The file to write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SaveImagesAsync(string repository, string version, string archive, CancellationToken cancellationToken)
    {
        var images = new List<string>();
        foreach (var part in (string[])["agent", "operator"])
        {
            var file = Path.Join(repository, $"Dockerfile.{part}");
            images.Add($"clustertrail-{part}:{version}");
            await RunAsync(["build", "--tag", images[^1], "--file", file, repository], cancellationToken);
        }
        await RunAsync(["save", "--output", archive, .. images], cancellationToken);
    }

    /// <exception cref="InvalidOperationException">It fails; the message is what it says.</exception>
    async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOCKER_BUILDKIT"] = "1" },
        })!;
        var printing = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await printing;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"docker {arguments[0]} exited with {process.ExitCode}: {error.Trim()}");
    }
}
