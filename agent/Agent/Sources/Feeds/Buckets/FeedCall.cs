using System.Net;
using Amazon.Runtime;
using ClusterTrail.Agent.Sinks;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Calls a store or queue once, within its time, and says what went wrong.</summary>
/// <param name="what">Whom it calls, for people.</param>
sealed class FeedCall(FeedClients clients, string what, TimeSpan timeout, TimeProvider time)
{
    public TimeSpan Timeout => timeout;

    public TimeProvider Time => time;

    /// <param name="permission">What the credentials need for it.</param>
    /// <param name="longer">How much longer than usual it may take.</param>
    /// <param name="key">The object that it is about; null when it is none.</param>
    /// <exception cref="FeedException">It failed.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, string permission, TimeSpan longer, string? key, CancellationToken cancellationToken)
    {
        clients.Trust.Look();
        using var limit = new CancellationTokenSource(timeout + longer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain(e, permission, key);
        }
    }

    FeedException Explain(Exception e, string permission, string? key) => e switch
    {
        FeedException known => known,
        OperationCanceledException => new(FeedFailure.Store, $"{what} did not answer within {timeout.TotalSeconds} s.", e),
        SinkException credentials => new(FeedFailure.Store, credentials.Message, e),
        AmazonServiceException { StatusCode: not 0 } answer => Refused(answer, permission, key),
        AmazonClientException => new(FeedFailure.Store, $"The AWS SDK found no credentials for {what}: {e.Message}", e),
        _ => new(FeedFailure.Store, $"{what} did not answer as it should: {e.Message}", e),
    };

    FeedException Refused(AmazonServiceException answer, string permission, string? key)
    {
        var said = Problem(answer.Message);
        var isGone = answer.StatusCode == HttpStatusCode.PreconditionFailed || answer.ErrorCode is "NoSuchKey" or "PreconditionFailed";
        if (key is not null && isGone)
            return new(FeedFailure.Gone, $"{what} has it no longer, or with other content ({answer.ErrorCode}).", answer);
        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            clients.Credentials?.Forget();
            // Other credentials are the store's affair; a policy may deny one object.
            var isObject = key is not null && answer.ErrorCode is "AccessDenied" or "InvalidObjectState";
            return new(
                isObject ? FeedFailure.Object : FeedFailure.Store,
                $"{what} answered {answer.ErrorCode}: {said} Grant the credentials {permission}.", answer);
        }

        var isOne = key is not null && (int)answer.StatusCode is >= 400 and < 500 and not 429 and not 408
            && answer.ErrorCode is not ("NoSuchBucket" or "RequestTimeTooSkewed" or "SlowDown");
        return new(isOne ? FeedFailure.Object : FeedFailure.Store, $"{what} answered {answer.ErrorCode}: {said}", answer);
    }

    static string Problem(string message)
    {
        var line = string.Concat(message.Select(one => char.IsControl(one) ? ' ' : one)).Trim();
        return line.Length == 0 ? "no reason." : $"{line[..Math.Min(line.Length, 300)].TrimEnd('.')}.";
    }
}
