using System.CommandLine;
using System.Runtime.InteropServices;
using ClusterTrail.Agent;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Telemetry;

const int Stopped = 0;
const int Failed = 1;
const int Refused = 2;

var config = new Option<string>("--config") { Description = "The agent's configuration file (agent.json).", Required = true };
var run = new Command("run", "Follow the sources and deliver sealed batches until SIGTERM.") { config };
var check = new Command("check", "Check the configuration and the files that it names, and exit.") { config };
run.SetAction(parsed => Guarded(() => RunAsync(parsed.GetRequiredValue(config))));
check.SetAction(parsed => Guarded(() => CheckAsync(parsed.GetRequiredValue(config))));

var root = new RootCommand(
    """
    The ClusterTrail node agent: from an audit log to sealed batches in an archive.

    Exit codes: 0 stopped or in order, 1 failed, 2 a wrong configuration or command line.
    """) { run, check };
var result = root.Parse(args);
// Signals are ours: the command line would end the process 2 s after the first one, whatever the grace.
var code = await result.InvokeAsync(new() { ProcessTerminationTimeout = null });
return result.Errors.Count > 0 ? Refused : code;

static async Task<int> RunAsync(string configPath)
{
    using var loggers = LogLines.CreateFactory();
    using var stopping = new CancellationTokenSource();
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var host = new AgentHost(configPath, loggers, TimeProvider.System);
    try
    {
        await host.RunAsync(stopping.Token);
    }
    catch (OperationCanceledException) when (stopping.IsCancellationRequested)
    {
        // Stopped before it had started.
    }

    return Stopped;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}

static Task<int> CheckAsync(string configPath)
{
    var notes = AgentCheck.Run(configPath, TimeProvider.System, StatusKey.OfEnvironment());
    Console.WriteLine($"{configPath} is valid.");
    foreach (var note in notes)
        Console.WriteLine(note);
    return Task.FromResult(Stopped);
}

static async Task<int> Guarded(Func<Task<int>> action)
{
    try
    {
        return await action();
    }
    catch (Exception e) when (e is ConfigurationException or TelemetryException)
    {
        Console.Error.WriteLine(e.Message);
        return Refused;
    }
    catch (StateFolderLostException e)
    {
        Console.Error.WriteLine(e.Message);
        return Failed;
    }
    catch (Exception e)
    {
        Console.Error.WriteLine($"clustertrail-agent failed: {e}");
        return Failed;
    }
}
