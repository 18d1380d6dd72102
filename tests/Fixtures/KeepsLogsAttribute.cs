using System.Reflection;
using Xunit.v3;

namespace ClusterTrail.Fixtures;

/// <summary>On an assembly: the logs of the servers that a failed test used are kept, and the test's output says where.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class KeepsLogsAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        foreach (var logs in UsedLogs.Take(test.UniqueID))
        {
            if (TestContext.Current.TestState?.Result != TestResult.Failed)
                continue;
            logs.Keep();
            TestContext.Current.TestOutputHelper?.WriteLine($"The server's logs are kept in {logs.Path}.");
        }
    }
}
