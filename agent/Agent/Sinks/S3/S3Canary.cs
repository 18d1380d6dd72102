using System.Security.Cryptography;
using Amazon.S3.Model;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using LockMode = ClusterTrail.Contract.ObjectLockMode;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Tries whether an object in a bucket can be overwritten or deleted with the agent's own credentials.</summary>
/// <remarks>
/// A store shows nothing of a lock to credentials that may only put. So the canary is stored as a batch is, and then attacked. It is locked
/// for one day, whatever batches have: a year of canaries is of no use.
/// </remarks>
sealed class S3Canary(S3SinkConfiguration sink, S3Client client, TimeProvider time) : ICanary
{
    readonly S3SinkConfiguration asked = sink with
    {
        ObjectLock = sink.ObjectLock is { } mode ? mode with { RetentionDays = 1 } : null,
    };

    public async Task<ImmutabilityStatus> TryAsync(SealedObject canary, CancellationToken cancellationToken)
    {
        client.Trust.Look();
        var found = new CanaryFindings(asked, canary.Name, time.GetUtcNow());
        var (version, failure) = await PutAsync(canary, conditional: true, cancellationToken);
        if (failure is { Code: "NotImplemented" })
        {
            (version, failure) = await PutAsync(canary, conditional: false, cancellationToken);
        }

        if (failure is not null)
        {
            return found.NotStored(failure);
        }

        // Other bytes under the same name, without the condition that makes a store refuse that.
        var changed = canary with { Content = canary.Content.ToArray().Append((byte)'\n').ToArray() };
        changed = changed with { Sha256 = SHA256.HashData(changed.Content.Span) };
        var (second, refusal) = await PutAsync(changed, conditional: false, cancellationToken);
        if (found.OfOverwriting(version, second, refusal) is { } verdict)
        {
            return verdict;
        }

        return found.OfDeleting(version, await DeleteAsync(canary.Name, version, cancellationToken));
    }

    Task<(string? Version, SinkException? Failure)> PutAsync(SealedObject canary, bool conditional, CancellationToken cancellationToken) =>
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

    async Task<SinkException?> DeleteAsync(string name, string? version, CancellationToken cancellationToken) => (await AttemptAsync(
        async attempt =>
        {
            var request = new DeleteObjectRequest
            {
                BucketName = asked.Bucket,
                Key = asked.Prefix.Length == 0 ? name : $"{asked.Prefix}/{name}",
                VersionId = version,
                // Whoever may bypass the lock has no lock.
                BypassGovernanceRetention = asked.ObjectLock is { Mode: LockMode.Governance } ? true : null,
            };
            await client.Api.DeleteObjectAsync(request, attempt);
            return null;
        },
        cancellationToken)).Failure;

    async Task<(string? Version, SinkException? Failure)> AttemptAsync(
        Func<CancellationToken, Task<string?>> request, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource(TimeSpan.FromSeconds(asked.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, cancellationToken);
        try
        {
            return (await request(either.Token), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, S3Failure.Explain(e, asked));
        }
    }
}
