using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>The agent as a process, with the arguments, environment and mounts of a pod's container.</summary>
sealed class NodePod
{
    readonly Process process;
    readonly StringBuilder output = new();

    NodePod(string template, Process process, PodVolumes volumes)
    {
        (Template, this.process, Volumes) = (template, process, volumes);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    /// <summary>What it was started from.</summary>
    public string Template { get; }

    public PodVolumes Volumes { get; }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public static NodePod Start(string template, JsonObject spec, PodVolumes volumes, string node)
    {
        var container = spec["containers"]![0]!.AsObject();
        var start = new ProcessStartInfo("unshare", ["--mount", "bash", "-c", Script(container, volumes), "agent", .. container["args"]!.AsArray().Select(argument => (string)argument!)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in container["env"]!.AsArray())
            start.Environment[(string)variable!["name"]!] = ValueOf(variable, node);
        var pod = new NodePod(template, new() { StartInfo = start }, volumes);
        pod.process.Start();
        pod.process.BeginOutputReadLine();
        pod.process.BeginErrorReadLine();
        return pod;
    }

    /// <summary>SIGTERM, as a kubelet would; its grace is the agent's own.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    static string Script(JsonObject container, PodVolumes volumes)
    {
        var script = new StringBuilder("set -e; ");
        foreach (var mount in container["volumeMounts"]!.AsArray())
        {
            var (from, to) = (volumes.PathOf((string)mount!["name"]!), (string)mount["mountPath"]!);
            // The host's own /tmp holds this test's files.
            if (to == "/tmp")
                continue;
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"mkdir -p '{to}'; mount --bind '{from}' '{to}'; ");
            if (mount["readOnly"]?.GetValue<bool>() == true)
                script.Append(System.Globalization.CultureInfo.InvariantCulture, $"mount -o remount,ro,bind '{to}'; ");
        }

        return script.Append(System.Globalization.CultureInfo.InvariantCulture, $"exec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "clustertrail-agent.dll")}' \"$@\"").ToString();
    }

    static string ValueOf(JsonNode variable, string node) => (string?)variable["valueFrom"]?["fieldRef"]?["fieldPath"] switch
    {
        "spec.nodeName" => node,
        "status.podIP" => "127.0.0.1",
        null => (string?)variable["value"] ?? "",
        var path => throw new InvalidOperationException($"The node knows no {path}."),
    };

    void Note(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
