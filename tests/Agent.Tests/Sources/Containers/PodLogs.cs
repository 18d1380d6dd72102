using System.IO.Compression;
using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

/// <summary>Logs as a kubelet keeps them, in real files, and an agent's source that reads them.</summary>
sealed class PodLogs : IDisposable
{
    public const string Pod = "shop_cart-0_8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    public const string Other = "bank_vault-0_9d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";

    readonly TemporaryFolder folder = new();
    long ticks;
    ContainerLogs? source;
    IReadOnlyList<OutputRule> rules = [];
    SourceProgress? saved;

    public ManualTime Time { get; } = new();

    public List<Gap> Gaps { get; } = [];

    public List<string> Failures { get; } = [];

    public ContainersConfiguration Configuration { get; set; } = new()
    {
        Rules = [new() { Namespaces = ["shop"] }],
    };

    public string Root => folder.Path;

    public string FolderOf(string pod = Pod, string container = "app") =>
        Directory.CreateDirectory(Path.Combine(Root, pod, container)).FullName;

    public string Live(string pod = Pod, string container = "app", int restart = 0) =>
        Path.Combine(FolderOf(pod, container), $"{restart}.log");

    /// <summary>A line as containerd writes it.</summary>
    public string Cri(string text, string stream = "stdout", string tag = "F") =>
        $"2026-11-26T10:00:00.{ticks++:d9}Z {stream} {tag} {text}\n";

    public void Write(string text, string? path = null) => File.AppendAllText(path ?? Live(), text);

    public static string Rotate(string live, string time)
    {
        var rotated = $"{live}.{time}";
        File.Move(live, rotated);
        return rotated;
    }

    public static void Compress(string path)
    {
        using (var gzip = new GZipStream(File.Create($"{path}.tmp"), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        File.Move($"{path}.tmp", $"{path}.gz");
        File.Delete(path);
    }

    /// <summary>What is given out by now.</summary>
    public List<string> Read()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        source ??= Open();
        var lines = new List<string>();
        while (source.TryRead(out var line))
        {
            lines.Add((line.Container is { } one ? one.IsError ? "E " : "" : "? ") + Encoding.UTF8.GetString(line.Text));
        }

        return lines;
    }

    /// <summary>The same after all that waits for files to be quiet.</summary>
    public List<string> ReadAll()
    {
        var lines = new List<string>();
        for (var look = 0; look < 10; look++)
        {
            lines.AddRange(Read());
        }

        return lines;
    }

    /// <summary>How long each line was, and how much of it is given out.</summary>
    public List<(long Bytes, int Kept)> ReadLengths()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var lines = new List<(long, int)>();
        while (TryReadOne(out var line))
        {
            lines.Add((line.Container!.Bytes, line.Text.Length));
        }

        return lines;
    }

    public bool TryReadOne(out SourceLine line)
    {
        source ??= Open();
        return source.TryRead(out line);
    }

    /// <summary>What the source says when it only looks.</summary>
    public bool Watch()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        source ??= Open();
        return source.Watch();
    }

    /// <summary>The rules change while the source runs.</summary>
    public void Ask(params ContainerRule[] now) => rules = [.. now.Select(rule => new OutputRule(rule))];

    /// <summary>What the operator has sent of labels; none at first.</summary>
    public KnownLabels Labels { get; private set; } = KnownLabels.None;

    public FollowedCount Pods => source!.Pods;

    public SourceView View => source!.View;

    /// <summary>The operator sends the labels of pods, by their folders.</summary>
    public void Send(params (string Pod, string App)[] pods) => Labels = new(
        pods.ToDictionary(
            pod => pod.Pod[(pod.Pod.LastIndexOf('_') + 1)..],
            IReadOnlyDictionary<string, string> (pod) => new Dictionary<string, string> { ["app"] = pod.App }),
        "hash");

    public void Save() => saved = source!.TakeProgress();

    /// <summary>The agent dies: what it read since the last save is read again.</summary>
    public void Kill()
    {
        source?.Dispose();
        source = null;
    }

    public void Dispose()
    {
        source?.Dispose();
        folder.Dispose();
    }

    ContainerLogs Open()
    {
        var configuration = Configuration with { Path = Root };
        Ask([.. configuration.Rules]);
        var opened = new ContainerLogs(configuration, () => rules, () => null, saved, new(Gaps.Add, Failures.Add, _ => { }), Time, () => Labels);
        opened.Begin();
        return opened;
    }
}
