using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

public sealed class ContainerChurnTests
{
    const int Steps = 150;

    static readonly ContainerRule[] All = [new() { Namespaces = ["shop"] }];

    /// <summary>Every line comes once.</summary>
    /// <remarks>Pods come and go, containers restart, the kubelet rotates and compresses, rules change, the agent stops and dies.</remarks>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void EveryLineIsGivenOutOnce(int seed)
    {
        using var logs = new PodLogs();
        var random = new Random(seed);
        var (written, given, kept) = (new List<string>(), new List<string>(), new List<string>());
        var pods = new Dictionary<string, (int Restart, string? Rotated)>();
        var number = 0;
        for (var step = 0; step < Steps; step++)
        {
            var pod = $"shop_cart-{random.Next(3)}_8d1b1f0a-2c3d";
            var (restart, rotated) = pods.GetValueOrDefault(pod);
            var live = logs.Live(pod, "app", restart);
            switch (random.Next(10))
            {
                case < 4:
                    Write(logs, random, live, $"{number++}", written);
                    break;
                case 4 when File.Exists(live):
                    if (rotated is not null && File.Exists(rotated))
                    {
                        PodLogs.Compress(rotated);
                    }

                    rotated = PodLogs.Rotate(live, $"20261126-{step:d6}");
                    break;
                case 5:
                    restart++;
                    break;
                case 6:
                    // The checkpoint has what was given out.
                    given.AddRange(logs.Read());
                    logs.Save();
                    kept = [.. given];
                    break;
                case 7:
                    // What was given out since then was in no batch.
                    given = [.. kept];
                    logs.Kill();
                    break;
                case 8:
                    logs.Ask(random.Next(2) == 0 ? [] : All);
                    break;
                default:
                    given.AddRange(logs.Read());
                    break;
            }

            pods[pod] = (restart, rotated);
        }

        logs.Ask(All);
        given.AddRange(logs.ReadAll());
        Assert.Equal(written.Order(), given.Order());
        Assert.Empty(logs.Gaps);
        Assert.Empty(logs.Failures);
    }

    static void Write(PodLogs logs, Random random, string live, string text, List<string> written)
    {
        var pieces = random.Next(3);
        for (var piece = 0; piece < pieces; piece++)
        {
            logs.Write(logs.Cri("p", tag: "P") + (random.Next(2) == 0 ? Other(logs, $"{text}-{piece}", written) : ""), live);
        }

        logs.Write(logs.Cri(text), live);
        written.Add(new string('p', pieces) + text);
    }

    static string Other(PodLogs logs, string text, List<string> written)
    {
        written.Add($"E {text}");
        return logs.Cri(text, "stderr");
    }
}
