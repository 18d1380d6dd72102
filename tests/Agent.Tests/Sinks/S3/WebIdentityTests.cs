using ClusterTrail.Testing;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

public sealed class WebIdentityTests : IDisposable
{
    const string Answer = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/trail/agent</Arn><AssumedRoleId>A:agent</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>from-sts</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """;

    readonly TemporaryFolder folder = new();
    readonly List<string> variables = [];

    public void Dispose()
    {
        foreach (var name in variables)
            Environment.SetEnvironmentVariable(name, null);
        folder.Dispose();
    }

    [Fact]
    public async Task AServiceAccountsTokenBecomesTheCredentials()
    {
        await using var tokens = await FakeStore.StartAsync(context => context.Response.WriteAsync(Answer));
        await using var store = await FakeStore.StartAsync(200, "");
        File.WriteAllText(folder.Join("token"), "the token");
        Set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/trail");
        Set("AWS_WEB_IDENTITY_TOKEN_FILE", folder.Join("token"));
        Set("AWS_REGION", "us-east-1");
        Set("AWS_ENDPOINT_URL_STS", tokens.Endpoint);
        var sink = TestBucket.Sink(new() { Bucket = "trail", Endpoint = store.Endpoint, PathStyle = true });

        await sink.PutAsync(SealedObjects.Holding("sealed"), CancellationToken.None);

        var sent = Assert.Single(store.Requests);
        Assert.Single(tokens.Requests);
        Assert.Contains("Credential=from-sts/", sent.Authorization.ToString(), StringComparison.Ordinal);
        Assert.Equal("session", sent["x-amz-security-token"]);
    }

    void Set(string name, string value)
    {
        variables.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
