using System.CommandLine;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>Where the output goes, and what is known of it.</summary>
/// <param name="Output">Bytes as they are.</param>
/// <param name="Error">Sentences for people.</param>
/// <param name="OutputWidth">The columns of the terminal that the output goes to; null in a pipe or file.</param>
/// <param name="ErrorIsTerminal">Whether a person watches the errors.</param>
/// <param name="Colour">Whether the output may be coloured.</param>
sealed record Terminal(Stream Output, TextWriter Error, int? OutputWidth, bool ErrorIsTerminal, bool Colour)
{
    const int StandardOutput = 1;

    /// <summary>The one that a command line was invoked on.</summary>
    internal static Terminal Of(ParseResult arguments) => ((TerminalInvocation)arguments.InvocationConfiguration).Terminal;

    /// <summary>What is typed, or piped in.</summary>
    internal TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Whether a person types.</summary>
    internal bool InputIsTerminal { get; init; }

    internal bool OutputIsTerminal => OutputWidth is not null;

    /// <summary>For JSON: as it is into a pipe or file; a terminal gets nothing that it would obey or hide.</summary>
    internal Stream JsonOutput => OutputIsTerminal ? new VisibleStream(Output) : Output;

    /// <summary>A bar would mix with rows that go to the same screen.</summary>
    internal bool ShowsProgress => ErrorIsTerminal && !OutputIsTerminal;

    internal static Terminal OfThisProcess() => new(
        new OutputStream(OpenStandardOutput()),
        ErrorWriter.OfThisProcess(),
        Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 20),
        !Console.IsErrorRedirected,
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
    {
        Input = Console.In,
        InputIsTerminal = !Console.IsInputRedirected,
    };

    /// <summary>
    /// The console's own stream drops what is written to a closed pipe, so the command would continue in vain; a file stream fails.
    /// A file stream over a file, though, would not move the position that the shell shares with the next command.
    /// </summary>
    static Stream OpenStandardOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
