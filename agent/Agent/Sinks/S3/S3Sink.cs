using System.Net;
using Amazon.S3;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>An archive in a bucket. It needs no permission but s3:PutObject.</summary>
/// <remarks>
/// An object that is there is never overwritten: the store is asked to refuse that, and its refusal means that the object was
/// stored before, because a name carries the hash of its content. A store that does not know the condition replaces an object
/// by the same bytes. Guarantee: an object counts as stored only if the answer is one that S3 gives, and proves that it has the
/// bytes: see <see cref="StoreAnswer"/>.
/// </remarks>
sealed class S3Sink(S3SinkConfiguration sink, S3Client client, TimeProvider time) : ISink
{
    volatile bool knowsConditions = true;

    public string Description => sink.Prefix.Length == 0 ? $"s3://{sink.Bucket}" : $"s3://{sink.Bucket}/{sink.Prefix}";

    public string? TrustError => client.Trust.Error;

    public ICanary? Canary => new S3Canary(sink, client, time);

    public async Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
    {
        client.Trust.Look();
        using var attempt = new CancellationTokenSource(TimeSpan.FromSeconds(sink.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, cancellationToken);
        try
        {
            await PutUnlessStoredAsync(sealedObject, either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = S3Failure.Explain(e, sink);
            if (S3Advice.ConcernsCredentials(failure.Code))
                client.Credentials?.Forget();
            throw failure;
        }
    }

    async Task PutUnlessStoredAsync(SealedObject sealedObject, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(sealedObject, knowsConditions, cancellationToken);
        }
        catch (AmazonS3Exception e) when (knowsConditions && e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            // Stored before: by an attempt whose answer was lost, or by the agent before a crash.
        }
        catch (AmazonS3Exception e) when (knowsConditions && e.StatusCode == HttpStatusCode.NotImplemented)
        {
            await SendAsync(sealedObject, conditional: false, cancellationToken);
            knowsConditions = false;
        }
    }

    async Task SendAsync(SealedObject sealedObject, bool conditional, CancellationToken cancellationToken)
    {
        var request = PutRequest.Build(sealedObject, sink, conditional, time.GetUtcNow());
        var answer = await client.Api.PutObjectAsync(request, cancellationToken);
        if (StoreAnswer.ProblemOfProof(answer, sealedObject, request) is { } problem)
            throw S3Failure.NotConfirmed($"answered 200 OK, but {problem}", sink);
    }
}
