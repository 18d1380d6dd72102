using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Has the SDK find the client that web identity (IRSA) needs.</summary>
static class WebIdentity
{
    // Named here and not found by reflection, which trimming would break.
    static WebIdentity() => GlobalRuntimeDependencyRegistry.Instance.RegisterSecurityTokenServiceClient(
        context => new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(), context.SecurityTokenServiceClientContextData.Region));

    /// <summary>Ends when it is.</summary>
    public static void Enable()
    {
    }
}
