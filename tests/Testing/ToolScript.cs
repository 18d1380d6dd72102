using System.Diagnostics;

namespace ClusterTrail.Testing;

/// <summary>A script of the repository's <c>tools</c> folder.</summary>
public sealed class ToolScript(string name)
{
    const int MissingPart = 3;

    readonly string path = Path.Combine(Root(), "tools", name);

    /// <exception cref="MissingPartException">It exits with 3: something is missing and cannot be installed here.</exception>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public async Task RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [path, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["CLUSTERTRAIL_TEST_OWNER"] = $"{Environment.ProcessId}" },
        })!;
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode == MissingPart)
            throw new MissingPartException(said.Trim());
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{name} exited with {process.ExitCode}: {said.Trim()}");
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new MissingPartException("The tests do not run from within the repository.");
    }
}
