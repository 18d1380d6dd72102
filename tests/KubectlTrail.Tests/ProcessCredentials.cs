using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>What the SDK finds first: of the whole process, so all tests that need any use the same, as they run side by side.</summary>
static class ProcessCredentials
{
    internal static void Set()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.AccessKeyId);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.SecretAccessKey);
    }
}
