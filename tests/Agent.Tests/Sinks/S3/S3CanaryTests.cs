using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>Against a real store: with and without versions and Object Lock, with credentials that may much and with those that may little.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class S3CanaryTests(S3Fixture s3)
{
    [Theory]
    [InlineData(ObjectLockMode.Compliance)]
    [InlineData(ObjectLockMode.Governance)]
    public async Task WhoMayOnlyPutChangesNothingAndTheLockIsNotProven(ObjectLockMode mode)
    {
        using var bucket = await TestBucket.CreateAsync(s3, objectLock: true);
        await AllowAsync(bucket, "s3:PutObject", "s3:PutObjectRetention");

        var found = await TryAsync(bucket.Configuration with { ObjectLock = new() { Mode = mode, RetentionDays = 365 } });

        Assert.Equal((true, "LockedUnproven"), (found.Immutable, found.Reason));
        Assert.Contains($"Object Lock ({mode})", found.Message, StringComparison.Ordinal);
    }

    // Not with Governance: Ceph 16 lets everybody bypass that who may delete versions.
    [Fact]
    public async Task WhoMayDeleteVersionsIsStoppedByTheLock()
    {
        using var bucket = await TestBucket.CreateAsync(s3, objectLock: true);
        await AllowAsync(bucket, "s3:PutObject", "s3:PutObjectRetention", "s3:DeleteObject", "s3:DeleteObjectVersion");

        var locked = new ObjectLockConfiguration { Mode = ObjectLockMode.Compliance, RetentionDays = 365 };
        var found = await TryAsync(bucket.Configuration with { ObjectLock = locked });

        Assert.Equal((true, "Locked"), (found.Immutable, found.Reason));
        var versions = (await bucket.Server.Client.ListVersionsAsync(bucket.Name)).Versions;
        Assert.All(versions, version => Assert.Equal(found.Object, version.Key));
    }

    [Fact]
    public async Task WhereABucketWantsALongerLockTheCanaryHasThatOfBatches()
    {
        var until = new List<DateTimeOffset>();
        await using var store = await FakeStore.StartAsync(async context =>
        {
            var asked = context.Request.Headers["x-amz-object-lock-retain-until-date"].ToString();
            if (asked.Length > 0)
                until.Add(DateTimeOffset.Parse(asked, System.Globalization.CultureInfo.InvariantCulture));
            // As a policy with s3:object-lock-remaining-retention-days does.
            if (context.Request.Method == HttpMethod.Put.Method && until[^1] > DateTimeOffset.UtcNow.AddDays(29))
            {
                context.Response.Headers["x-amz-version-id"] = $"v{until.Count}";
                return;
            }

            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
        });
        using var credentials = new CredentialFiles("id", "secret");

        var found = await TryAsync(new()
        {
            Bucket = "audit",
            Endpoint = store.Endpoint,
            PathStyle = true,
            ObjectLock = new() { Mode = ObjectLockMode.Compliance, RetentionDays = 30 },
            Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
        });

        Assert.Equal((true, "LockedUnproven"), (found.Immutable, found.Reason));
        Assert.Equal([1, 30, 30], until.Select(time => (int)Math.Round((time - DateTimeOffset.UtcNow).TotalDays)));
    }

    [Fact]
    public async Task EvenTheOwnerCannotDeleteWithCompliance()
    {
        using var bucket = await TestBucket.CreateAsync(s3, objectLock: true);

        var found = await TryAsync(bucket.Configuration with { ObjectLock = new() { Mode = ObjectLockMode.Compliance, RetentionDays = 365 } });

        Assert.Equal((true, "Locked"), (found.Immutable, found.Reason));
        var versions = (await bucket.Server.Client.ListVersionsAsync(bucket.Name)).Versions;
        Assert.All(versions, version => Assert.Equal(found.Object, version.Key));
        var stored = await bucket.Server.Client.GetObjectMetadataAsync(bucket.Name, found.Object);
        // A day, whatever batches have.
        Assert.InRange(
            stored.ObjectLockRetainUntilDate!.Value.ToUniversalTime() - DateTime.UtcNow, TimeSpan.FromDays(0.9), TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task WhoMayBypassGovernanceHasNoLock()
    {
        using var bucket = await TestBucket.CreateAsync(s3, objectLock: true);

        var found = await TryAsync(bucket.Configuration with { ObjectLock = new() { Mode = ObjectLockMode.Governance, RetentionDays = 365 } });

        Assert.Equal((false, "Deletable"), (found.Immutable, found.Reason));
        Assert.Contains("s3:BypassGovernanceRetention", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABucketWithoutObjectLockRefusesIt()
    {
        using var bucket = await TestBucket.CreateAsync(s3);

        var found = await TryAsync(bucket.Configuration with { ObjectLock = new() { Mode = ObjectLockMode.Compliance, RetentionDays = 1 } });

        Assert.Equal((false, "ObjectLockDisabled"), (found.Immutable, found.Reason));
    }

    [Fact]
    public async Task ABucketWithoutVersionsKeepsNothing()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        await AllowAsync(bucket, "s3:PutObject");

        var found = await TryAsync(bucket.Configuration);

        Assert.Equal((false, "NotVersioned"), (found.Immutable, found.Reason));
    }

    [Fact]
    public async Task InAVersionedBucketThePermissionDecides()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        await bucket.Server.Client.PutBucketVersioningAsync(new() { BucketName = bucket.Name, VersioningConfig = new() { Status = "Enabled" } });

        var owners = await TryAsync(bucket.Configuration);
        await AllowAsync(bucket, "s3:PutObject");
        var writers = await TryAsync(bucket.Configuration);

        Assert.Equal((false, "Deletable"), (owners.Immutable, owners.Reason));
        Assert.Equal((true, "NoPermission"), (writers.Immutable, writers.Reason));
        Assert.Contains("(AccessDenied)", writers.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutThePermissionToPutNothingIsKnown()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        bucket.Credentials.Replace(S3Server.WriterAccessKeyId, S3Server.WriterSecretAccessKey);

        var found = await TryAsync(bucket.Configuration);

        Assert.Equal((null, "AccessDenied"), (found.Immutable, found.Reason));
    }

    [Theory]
    [InlineData(204, false, "NotConfirmed")]
    [InlineData(200, true, "NotConfirmed")]
    [InlineData(403, true, "Forbidden")]
    [InlineData(503, true, "ServiceUnavailable")]
    public async Task OnlyTheStoresOwnWordCounts(int status, bool hasId, string reason)
    {
        var puts = 0;
        await using var store = await FakeStore.StartAsync(context =>
        {
            if (context.Request.Method == HttpMethod.Put.Method)
            {
                context.Response.Headers["x-amz-version-id"] = $"v{++puts}";
                return Task.CompletedTask;
            }

            context.Response.StatusCode = status;
            if (!hasId)
                context.Response.Headers.Remove("x-amz-request-id");
            return Task.CompletedTask;
        });
        using var credentials = new CredentialFiles("id", "secret");

        var found = await TryAsync(new()
        {
            Bucket = "audit",
            Endpoint = store.Endpoint,
            PathStyle = true,
            Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
        });

        Assert.Equal((null, reason), (found.Immutable, found.Reason));
    }

    static async Task AllowAsync(TestBucket bucket, params string[] actions)
    {
        await bucket.Server.Client.PutBucketPolicyAsync(bucket.Name, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["{{S3Server.WriterArn}}"]},
             "Action":["{{string.Join("\",\"", actions)}}"],"Resource":["arn:aws:s3:::{{bucket.Name}}/*"]}]}
            """);
        bucket.Credentials.Replace(S3Server.WriterAccessKeyId, S3Server.WriterSecretAccessKey);
    }

    static Task<ImmutabilityStatus> TryAsync(S3SinkConfiguration configuration)
    {
        var watch = new ImmutabilityWatch(
            TestBucket.Sink(configuration).Canary!, new("prod", "main", "cp-1", "agent"), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ImmutabilityWatch>.Instance);
        return watch.TryAsync(CancellationToken.None);
    }
}
