using ClusterTrail.Benchmarks;

// Each line is `name value unit`. What a limit stands behind also says it, and a missed limit is exit code 1.
return args switch
{
    ["pipeline", .. var rest] => await PipelineBenchmark.RunAsync(megabytes: rest is [var size, ..] ? int.Parse(size) : 1000),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench.sh pipeline [MEGABYTES]");
    return 2;
}
