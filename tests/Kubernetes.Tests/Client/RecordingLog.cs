using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Tests.Client;

/// <summary>Keeps what is logged.</summary>
sealed class RecordingLog<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
}
