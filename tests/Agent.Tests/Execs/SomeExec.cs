using System.Text.Json;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Tests.Execs;

/// <summary>Exec events, handovers and lines of processes as tests need them.</summary>
static class SomeExec
{
    public const string Uid = "8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    public const string Key = "MFkw-operator";

    public static readonly Origin Origin = new("prod", "worker-1", "main");

    public static ExecEvent Event(DateTimeOffset at, string user = "alice", params string[] command) => new()
    {
        EventID = $"{user}-{at.UtcTicks}-{string.Join('.', command)}",
        AuditID = "a",
        UserIdentity = new() { Type = "User", UserName = user },
        Namespace = "shop",
        Pod = "cart-0",
        Container = "app",
        Command = command.Length == 0 ? ["sh"] : command,
        Time = at,
    };

    public static EnteredProcess Process(DateTimeOffset at, params string[] arguments) => EnteredProcess.Read(
        JsonSerializer.SerializeToUtf8Bytes(JsonElement.Parse(Line(at, 1, entry: "Entered", arguments: arguments))))!;

    public static string Line(
        DateTimeOffset at, int pid, string? entry = null, int[]? parents = null, string pod = "cart-0", params string[] arguments)
    {
        var all = arguments.Length == 0 ? ["sh"] : arguments;
        var entered = entry is null ? "" : $"\"entry\":\"{entry}\",";
        var chain = string.Join(',', (parents ?? []).Select(parent => $$"""{"id":"{{parent}}-1","pid":{{parent}},"name":"x"}"""));
        return $$$"""{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"{{{at:yyyy-MM-ddTHH:mm:ss.ffffff}}}Z","container":{"id":"c","name":"app","namespace":"shop","pod":"{{{pod}}}","podUID":"{{{Uid}}}"},"process":{"id":"{{{pid}}}-1","pid":{{{pid}}},{{{entered}}}"executable":"/bin/sh","arguments":{{{JsonSerializer.Serialize(all)}}},"parents":[{{{chain}}}]}}""";
    }

    public static ExecHandover Handover(DateTimeOffset now, DateTimeOffset? through, params ExecEvent[] execs) => new()
    {
        Trail = Origin.Trail,
        Node = Origin.NodeName,
        Sequence = now.UtcTicks,
        Time = now,
        Through = through,
        Reason = through is null ? "An agent does not answer." : null,
        OperatorKey = Key,
        Execs = execs,
    };

    public static PodCommands Commands(params string[][] commands) => new()
    {
        PodUID = Uid,
        Commands = [.. commands.Select(command => new ContainerCommand { Container = "app", Command = command })],
    };
}
