using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ClusterTrail.Telemetry;

/// <summary>Writes an entry as one line: time in UTC, level, class, message.</summary>
/// <remarks>
/// Guarantee: no message makes a line that looks like another entry: what would end the line or move the cursor is escaped.
/// An exception is at the end of the line: its type and message, and those of its causes. Only unexpected errors have a stack trace, on
/// indented lines of its own.
/// </remarks>
sealed class LogLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "clustertrail";

    const string Indent = "    ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} ");
        line.Append(CultureInfo.InvariantCulture, $"{Word(logEntry.LogLevel)} {ClassName(logEntry.Category)}:");
        AppendPart(line, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            AppendPart(line, Causes(exception));
        }

        textWriter.Write(line.Append('\n'));
        if (logEntry is { Exception: { } unforeseen, LogLevel: LogLevel.Error or LogLevel.Critical })
        {
            WriteTrace(unforeseen, textWriter);
        }
    }

    static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };

    // Categories are full names of types, of generic ones perhaps with what they are made of.
    static string ClassName(string category)
    {
        var name = category.AsSpan();
        var generic = name.IndexOfAny('<', '`', '[');
        name = generic < 0 ? name : name[..generic];
        return name[(name.LastIndexOfAny('.', '+') + 1)..].ToString();
    }

    static string Causes(Exception exception)
    {
        var causes = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            causes.Add(cause.Message.Length == 0 ? cause.GetType().Name : $"{cause.GetType().Name}: {cause.Message}");
        }

        return string.Join(", caused by ", causes);
    }

    static void AppendPart(StringBuilder line, string? part)
    {
        if (part is not (null or ""))
        {
            AppendEscaped(line.Append(' '), part);
        }
    }

    static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ when char.IsControl(character) || character is '\u2028' or '\u2029' =>
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => line.Append(character),
            };
        }
    }

    static void WriteTrace(Exception exception, TextWriter textWriter)
    {
        var trace = new StringBuilder();
        foreach (var line in exception.ToString().ReplaceLineEndings("\n").Split('\n'))
        {
            AppendEscaped(trace.Append(Indent), line.TrimEnd());
            trace.Append('\n');
        }

        textWriter.Write(trace);
    }
}
