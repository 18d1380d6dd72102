using System.Security.Cryptography;
using Amazon.S3.Model;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using LockMode = ClusterTrail.Contract.ObjectLockMode;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Tries whether an object in a bucket can be overwritten or deleted with the agent's own credentials.</summary>
/// <remarks>
/// A store shows nothing of a lock to credentials that may only put. So the canary is stored as a batch is, and then attacked. It is locked
/// for one day, whatever batches have: a year of canaries is of no use. Where the bucket's policy asks for more, it is locked as batches
/// are.
/// </remarks>
sealed class S3Canary(S3SinkConfiguration sink, S3Client client, TimeProvider time) : ICanary
{
    // No store has an object of this name.
    const string Nothing = ".nothing";

    readonly S3SinkConfiguration aDay = sink with
    {
        ObjectLock = sink.ObjectLock is { } mode ? mode with { RetentionDays = 1 } : null,
    };

    public async Task<ImmutabilityStatus> TryAsync(SealedObject canary, CancellationToken cancellationToken)
    {
        client.Trust.Look();
        var asked = aDay;
        var (version, failure) = await StoreAsync(canary, asked, cancellationToken);
        if (sink.ObjectLock is { RetentionDays: > 1 }
            && failure is { Code: "AccessDenied" or "InvalidRequest" or "InvalidRetentionPeriod" })
        {
            asked = sink;
            (version, failure) = await StoreAsync(canary, asked, cancellationToken);
        }

        var found = new CanaryFindings(asked, canary.Name, time.GetUtcNow());
        if (failure is not null)
        {
            return found.NotStored(failure);
        }

        // Other bytes under the same name, without the condition that makes a store refuse that.
        var changed = canary with { Content = canary.Content.ToArray().Append((byte)'\n').ToArray() };
        changed = changed with { Sha256 = SHA256.HashData(changed.Content.Span) };
        var (second, refusal) = await PutAsync(changed, asked, conditional: false, cancellationToken);
        if (found.OfOverwriting(version, second, refusal) is { } verdict)
        {
            return verdict;
        }

        // Whoever may bypass the lock has no lock.
        var bypasses = asked.ObjectLock is { Mode: LockMode.Governance };
        var refused = await DeleteAsync(canary.Name, version, bypasses, cancellationToken);
        var mayDelete = asked.ObjectLock is not null && version is not null && refused is { Code: "AccessDenied" }
            && await MayDeleteAsync(canary.Name, version, cancellationToken);
        return found.OfDeleting(version, refused, mayDelete);
    }

    async Task<(string? Version, SinkException? Failure)> StoreAsync(
        SealedObject canary, S3SinkConfiguration asked, CancellationToken cancellationToken)
    {
        var (version, failure) = await PutAsync(canary, asked, conditional: true, cancellationToken);
        return failure is { Code: "NotImplemented" }
            ? await PutAsync(canary, asked, conditional: false, cancellationToken)
            : (version, failure);
    }

    // A store that refuses says the same of a lock and of a permission that is missing. It says something else of a version that there is
    // not, if the credentials may delete versions: then it was the lock that refused.
    async Task<bool> MayDeleteAsync(string name, string version, CancellationToken cancellationToken) =>
        await DeleteAsync(name + Nothing, version, bypasses: false, cancellationToken)
            is null or { Code: "NoSuchKey" or "NoSuchVersion" or "NotFound" or "InvalidArgument" };

    Task<(string? Version, SinkException? Failure)> PutAsync(
        SealedObject canary, S3SinkConfiguration asked, bool conditional, CancellationToken cancellationToken) =>
        AttemptAsync(
            async attempt =>
            {
                var request = PutRequest.Build(canary, asked, conditional, time.GetUtcNow());
                var answer = await client.Api.PutObjectAsync(request, attempt);
                return StoreAnswer.ProblemOfProof(answer, canary, request) is { } problem
                    ? throw S3Failure.NotConfirmed($"answered 200 OK, but {problem}", asked)
                    : answer.VersionId is { Length: > 0 } and not "null" ? answer.VersionId : null;
            },
            cancellationToken);

    async Task<SinkException?> DeleteAsync(
        string name, string? version, bool bypasses, CancellationToken cancellationToken) => (await AttemptAsync(
        async attempt =>
        {
            var request = new DeleteObjectRequest
            {
                BucketName = sink.Bucket,
                Key = sink.Prefix.Length == 0 ? name : $"{sink.Prefix}/{name}",
                VersionId = version,
                BypassGovernanceRetention = bypasses ? true : null,
            };
            await client.Api.DeleteObjectAsync(request, attempt);
            return null;
        },
        cancellationToken)).Failure;

    async Task<(string? Version, SinkException? Failure)> AttemptAsync(
        Func<CancellationToken, Task<string?>> request, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource(TimeSpan.FromSeconds(sink.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, cancellationToken);
        try
        {
            return (await request(either.Token), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, S3Failure.Explain(e, sink));
        }
    }
}
