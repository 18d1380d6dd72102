using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary>Reads statements that end in a semicolon, and prints what they result in. Errors do not end it.</summary>
/// <remarks>A person has seen what failed; a script that pipes statements in gets the gravest error as exit code.</remarks>
sealed class QueryShell(EventSession session, IResultPrinter printer, Terminal terminal)
{
    const string Help = """
        Statements end in a semicolon: SELECT count(*) FROM events;
        .schema  shows the columns of events
        .help    shows this
        .quit    ends the shell, as the end of the input does
        """;

    static string Schema => string.Join(
        '\n', Columns.Align(TableColumn.All.Select(column => new[] { column.Name, column.Type, column.Meaning })));

    ExitCode gravest;

    internal async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        var begun = "";
        while (await ReadAsync(begun.Length == 0 ? "trail> " : "  ...> ", cancellationToken) is { } line)
        {
            if (begun.Length == 0 && line.StartsWith('.'))
            {
                if (line.Trim() == ".quit")
                    return Result;
                Command(line.Trim());
                continue;
            }

            (var statements, begun) = SqlStatements.Split($"{begun}{line}\n");
            foreach (var statement in statements)
                Run(statement, cancellationToken);
            begun = SqlStatements.IsEmpty(begun) ? "" : begun;
        }

        if (begun.Length > 0)
            Report(new(ExitCode.BadUsage, "The last statement does not end in a semicolon, and was not run"));
        return Result;
    }

    ExitCode Result => terminal.InputIsTerminal ? ExitCode.Ok : gravest;

    void Run(string statement, CancellationToken cancellationToken)
    {
        try
        {
            using var result = session.Run(statement, null, cancellationToken);
            if (result.Columns.Count > 0)
                printer.Print(result);
        }
        catch (TrailException e)
        {
            Report(e);
        }
    }

    void Command(string name)
    {
        switch (name)
        {
            case ".help":
                Write(Help);
                break;
            case ".schema":
                Write(Schema);
                break;
            default:
                Report(new(ExitCode.BadUsage, $"There is no command {name}; .help shows all"));
                break;
        }
    }

    // The prompt is for people: it is no part of what a pipe gets.
    async Task<string?> ReadAsync(string prompt, CancellationToken cancellationToken)
    {
        if (terminal.InputIsTerminal)
            terminal.Error.Write(prompt);
        return await terminal.Input.ReadLineAsync(cancellationToken);
    }

    void Report(TrailException problem)
    {
        gravest = (ExitCode)Math.Max((int)gravest, (int)problem.ExitCode);
        terminal.Error.WriteLine(ProblemLog.Sentence(problem.Message));
    }

    void Write(string text)
    {
        terminal.Output.Write(Encoding.UTF8.GetBytes($"{text}\n"));
        terminal.Output.Flush();
    }
}
