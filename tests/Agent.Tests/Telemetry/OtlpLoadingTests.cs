using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class OtlpLoadingTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("http://127.0.0.1:1", true)]
    public void OpenTelemetryIsLoadedOnlyWhenItIsAskedFor(string endpoint, bool loaded)
    {
        using var meter = new Meter("ClusterTrail");
        var environment = new ConfigurationBuilder().AddInMemoryCollection([new(OtlpExport.Endpoint, endpoint)]).Build();
        var freshAgent = new FreshAgent();

        var start = freshAgent.LoadFromAssemblyPath(typeof(OtlpExport).Assembly.Location).GetType(typeof(OtlpExport).FullName!)!
            .GetMethod("Start")!;
        start.Invoke(null, [meter, null, environment, NullLogger.Instance]);

        Assert.Equal(
            loaded, freshAgent.Assemblies.Any(assembly => assembly.GetName().Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal)));
    }

    /// <summary>Loads the agent and OpenTelemetry a second time, apart from what other tests have loaded.</summary>
    sealed class FreshAgent : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return assemblyName.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal) && File
                .Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
