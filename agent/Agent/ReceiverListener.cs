using System.Net;
using ClusterTrail.Agent.Sources.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>Listens for API servers until it is stopped, and tries again while it cannot.</summary>
/// <param name="what">What is received, for people.</param>
sealed partial class ReceiverListener(
    SourceContext context, string listen, ReceiverCertificates certificates, ReceiverLimits limits, RequestDelegate answer, string what)
{
    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    readonly ILogger logger = context.Loggers.CreateLogger<ReceiverListener>();
    readonly RecurringFailure failure = new(context.Time);
    volatile string? problem;

    /// <summary>The port that is listened on; 0 before.</summary>
    public int Port { get; private set; }

    /// <summary>Why nothing can be received now; null if it can. For other threads.</summary>
    public string? Problem => problem ?? certificates.Problem;

    /// <summary>Listens until it is stopped; what was being answered then is answered.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var server = await ReceiverServer.StartAsync(IPEndPoint.Parse(listen), certificates, limits, answer, stopping);
                (problem, Port) = (null, server.Port);
                failure.Cleared();
                LogListening(context.Name, what, listen);
                await Task.Delay(Timeout.Infinite, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (IOException e)
            {
                problem = e.Message;
                if (failure.Occurred(e.Message))
                    LogFailed(context.Name, what, e.Message);
                await Task.Delay(AgainAfter, context.Time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Source}: receives {What} at {Listen}.")]
    partial void LogListening(string source, string what, string listen);

    [LoggerMessage(LogLevel.Error, "{Source}: cannot receive {What}, retrying: {Reason}")]
    partial void LogFailed(string source, string what, string reason);
}
