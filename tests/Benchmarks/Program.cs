using ClusterTrail.Benchmarks;
using ClusterTrail.Benchmarks.Nodes;
using ClusterTrail.Testing;

AgentProcess.Published = Environment.GetEnvironmentVariable("CLUSTERTRAIL_AGENT");

// Each line is `name value unit`. What a limit stands behind also says it, and a missed limit is exit code 1.
return args switch
{
    ["pipeline", .. var rest] => await PipelineBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    ["select"] => Select(),
    ["aggregates"] => AggregatesBenchmark.Run(),
    ["compress"] => CompressBenchmark.Run(),
    ["detections", .. var rest] => await DetectionsBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    ["detect", .. var packs] => DetectBenchmark.Run(packs),
    ["insights", "agent", .. var rest] => await InsightsBenchmark.AgentAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    ["insights", "cost"] => InsightsBenchmark.Cost(),
    ["insights", .. var rest] => InsightsBenchmark.Run(seeds: rest is [var seeds, ..] ? int.Parse(seeds) : 10),
    ["trails", .. var rest] => await TrailsBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 100),
    ["webhook", .. var rest] => await WebhookBenchmark.RunAsync(seconds: rest is [var time, ..] ? int.Parse(time) : 60),
    ["upload"] => await UploadBenchmark.RunAsync(),
    [BenchStore.Command, .. var rest] => await BenchStore.RunAsync(rest is [var certificate, ..] ? certificate : null),
    ["verify", .. var rest] => await VerifyBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 10_000),
    ["lookup", .. var rest] => await LookupBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    ["console", .. var rest] => await ConsoleBenchmark.RunAsync(records: rest is [var count, ..] ? int.Parse(count) : 1_000_000),
    ["query", .. var rest] => await QueryBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    ["integrity", "cost"] => IntegrityCost.Run(),
    ["integrity", .. var rest] => await IntegrityBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    ["processes"] => await ProcessesBenchmark.RunAsync(),
    ["containers", .. var rest] => await ContainersBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 500),
    ["operator", "--nodes", .. var rest] => await NodesBenchmark.RunAsync(rest is [var nodes, ..] ? int.Parse(nodes) : NodesBenchmark.DefaultNodes),
    ["operator", .. var rest] => await OperatorBenchmark.RunAsync(rest is [var part, ..] ? part : null),
    _ => Usage(),
};

static int Select()
{
    Report.Figure("select.mb_per_cpu_second", SelectBenchmark.MegabytesPerCpuSecond(), "MB/s");
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        "usage: bench.sh pipeline [MEGABYTES] | select | aggregates | compress | detections [MEGABYTES] | detect [PACK …] | insights [SEEDS] | insights cost | insights agent [MEGABYTES] | upload | trails [MEGABYTES] "
            + "| webhook [SECONDS] | processes | containers [MEGABYTES] | verify [MEGABYTES] | integrity [MEGABYTES] | integrity cost | lookup [MEGABYTES] | query [MEGABYTES] | console [RECORDS] | operator [selectors | --nodes [NODES]]");
    return 2;
}
