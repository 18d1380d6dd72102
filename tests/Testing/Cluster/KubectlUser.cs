using System.Diagnostics;

namespace ClusterTrail.Testing.Cluster;

/// <summary>kubectl, as one user of one cluster.</summary>
public sealed class KubectlUser(string program, string kubeconfig)
{
    /// <summary>The kubeconfig file it uses.</summary>
    public string Kubeconfig => kubeconfig;

    public string Program => program;

    /// <summary>The same program as another user.</summary>
    public KubectlUser With(string otherKubeconfig) => new(program, otherKubeconfig);

    /// <summary>What it prints.</summary>
    /// <exception cref="InvalidOperationException">It fails; the message is what it says.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await TryAsync(arguments, cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} exited with {result.ExitCode}: {result.Error}");
    }

    /// <summary>Applies manifests, server-side.</summary>
    /// <exception cref="InvalidOperationException">The server refuses them.</exception>
    public async Task<string> ApplyAsync(string manifests, CancellationToken cancellationToken)
    {
        var result = await TryApplyAsync(manifests, [], cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"kubectl apply exited with {result.ExitCode}: {result.Error}");
    }

    /// <summary>Waits until the server serves the kinds of custom resource definitions.</summary>
    /// <param name="definitions">As kubectl names them: <c>crd/widgets.example.com</c>, or <c>-f</c> and a file or folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WaitForKindsAsync(IReadOnlyList<string> definitions, CancellationToken cancellationToken) => Eventually.HoldsAsync(
        $"the server serves {string.Join(' ', definitions)}",
        // It fails at once on a definition so new that it has no conditions.
        async () =>
            (await TryAsync(["wait", "--for=condition=Established", .. definitions, "--timeout=10s"], cancellationToken)).ExitCode == 0,
        cancellationToken);

    public Task<KubectlResult> TryApplyAsync(string manifests, IEnumerable<string> options, CancellationToken cancellationToken) =>
        TryAsync(["apply", "--server-side", "-f", "-", .. options], cancellationToken, manifests);

    public async Task<KubectlResult> TryAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["--kubeconfig", kubeconfig, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var printing = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await printing;
        await process.WaitForExitAsync(cancellationToken);
        return new(process.ExitCode, output.Trim(), error.Trim());
    }
}
