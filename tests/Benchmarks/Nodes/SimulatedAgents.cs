using System.Net;
using System.Text.Json;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Records;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Manifests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Benchmarks.Nodes;

/// <summary>The agents of a large cluster, each at an address of its own in 127.0.0.0/8: what the operator asks them and sends them.</summary>
/// <remarks>Each request is checked as an agent checks it, and each answer signed as an agent signs it.</remarks>
sealed class SimulatedAgents : IAsyncDisposable
{
    readonly Dictionary<IPAddress, SimulatedAgent> agents = [];
    readonly WebApplication server;
    long requests;
    long bytes;
    long refused;

    public SimulatedAgents(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Any, port));
        server = builder.Build();
        server.Run(AnswerAsync);
    }

    /// <summary>The key of their Trail; nothing answers before it is known.</summary>
    public byte[]? Key { get; set; }

    public RunningFiles Files { get; set; } = new("", "", null);

    public IReadOnlyCollection<SimulatedAgent> All => agents.Values;

    public long Requests => Interlocked.Read(ref requests);

    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Requests that an agent would refuse.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Where the agent of a number is.</summary>
    public static IPAddress AddressOf(int number) => new([127, (byte)(1 + (number / 62_500)), (byte)(number / 250 % 250), (byte)(1 + (number % 250))]);

    /// <summary>Before they start.</summary>
    public void Add(int number, SimulatedAgent agent) => agents.Add(AddressOf(number), agent);

    public Task StartAsync() => server.StartAsync();

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        if (Key is not { } key || !agents.TryGetValue(context.Connection.LocalIpAddress!.MapToIPv4(), out var agent))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var exchange = new Exchange(context, key, body.ToArray());
        Interlocked.Add(ref bytes, body.Length);
        switch ((context.Request.Method, context.Request.Path.Value))
        {
            case ("GET", "/status"):
                await exchange.SignAsync(agent.Status(Files), purpose: null);
                break;
            case ("POST", LabelsHandover.Path) when exchange.IsSigned(LabelsHandover.Purpose):
                agent.Take(JsonSerializer.Deserialize(exchange.Body, LabelsJson.Default.LabelsHandover)!);
                break;
            case ("POST", KeyRecords.Path) when exchange.IsSigned(KeyRecords.Purpose):
                agent.TakeRecord(exchange.Body);
                break;
            case ("GET", ExecSignature.Path) when agent.Role == AgentRole.ApiServer:
                await exchange.SignAsync(Report(agent), ExecSignature.Report);
                break;
            case ("POST", ExecSignature.Path) when agent.Role == AgentRole.Workloads:
                await exchange.SignAsync(Answer(agent, exchange.Body), ExecSignature.Answer);
                break;
            default:
                Interlocked.Increment(ref refused);
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                break;
        }
    }

    static byte[] Report(SimulatedAgent agent) => JsonSerializer.SerializeToUtf8Bytes(
        new()
        {
            Trail = agent.Trail,
            Node = agent.Node,
            Instance = agent.Instance,
            Last = 0,
            Through = DateTimeOffset.UtcNow,
            Execs = [],
        },
        ExecsJson.Default.ExecReport);

    static byte[] Answer(SimulatedAgent agent, byte[] body) => JsonSerializer.SerializeToUtf8Bytes(
        new()
        {
            Trail = agent.Trail,
            Node = agent.Node,
            Instance = agent.Instance,
            Sequence = JsonSerializer.Deserialize(body, ExecsJson.Default.ExecHandover)!.Sequence,
        },
        ExecsJson.Default.HandoverAnswer);

    readonly record struct Exchange(HttpContext Context, byte[] Key, byte[] Body)
    {
        string Nonce => Context.Request.Headers[SignedAnswer.NonceHeader].ToString();

        public bool IsSigned(string purpose) =>
            ExecSignature.IsSigned(Key, purpose, Nonce, Body, Context.Request.Headers[SignedAnswer.SignatureHeader]);

        public async Task SignAsync(byte[] answer, string? purpose)
        {
            Context.Response.Headers[SignedAnswer.SignatureHeader] =
                purpose is null ? SignedAnswer.Sign(Key, Nonce, answer) : ExecSignature.Sign(Key, purpose, Nonce, answer);
            await Context.Response.Body.WriteAsync(answer);
        }
    }
}
