using System.Diagnostics;

namespace ClusterTrail.Testing;

/// <summary>A script of the repository's <c>tools</c> folder.</summary>
public sealed class ToolScript(string name)
{
    const int MissingPart = 3;

    /// <summary>Where the script is.</summary>
    public static string PathOf(string name) => Path.Combine(Root(), "tools", name);

    /// <summary>Runs it and returns what it prints, such as the folder it installed into.</summary>
    /// <exception cref="MissingPartException">It exits with 3: something is missing and cannot be installed here.</exception>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [PathOf(name), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["CLUSTERTRAIL_TEST_OWNER"] = $"{Environment.ProcessId}" },
        })!;
        process.StandardInput.Close();
        var printing = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var said = await process.StandardError.ReadToEndAsync(cancellationToken);
        var printed = await printing;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode switch
        {
            0 => printed.Trim(),
            MissingPart => throw new MissingPartException(said.Trim()),
            var code => throw new InvalidOperationException($"{name} exited with {code}: {said.Trim()}"),
        };
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new MissingPartException("The tests do not run from within the repository.");
    }
}
