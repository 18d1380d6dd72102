using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ClusterTrail.Telemetry;

/// <summary>The log of a program: lines on the standard output, of what it does and of what goes wrong.</summary>
public static class LogLines
{
    public static ILoggerFactory CreateFactory() => LoggerFactory.Create(logging => logging.AddLogLines());

    public static ILoggingBuilder AddLogLines(this ILoggingBuilder logging)
    {
        logging.Services.TryAddSingleton(TimeProvider.System);
        return logging
            .AddConsole(console =>
            {
                console.FormatterName = LogLineFormatter.FormatterName;
                // If the output is not read, lines are dropped and counted, and the program continues.
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            })
            .AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>()
            .AddFilter("Microsoft", LogLevel.Warning);
    }
}
