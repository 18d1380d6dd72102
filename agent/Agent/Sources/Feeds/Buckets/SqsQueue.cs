using Amazon.SQS;
using Amazon.SQS.Model;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>A queue of SQS. It needs sqs:ReceiveMessage and sqs:DeleteMessage.</summary>
sealed class SqsQueue(IAmazonSQS sqs, string url, TimeSpan wait, FeedCall call) : IObjectQueue
{
    const int MostMessages = 10;

    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(CancellationToken cancellationToken)
    {
        var request = new ReceiveMessageRequest
        {
            QueueUrl = url,
            MaxNumberOfMessages = MostMessages,
            WaitTimeSeconds = (int)wait.TotalSeconds,
        };
        var answer = await call.RunAsync(
            token => sqs.ReceiveMessageAsync(request, token), $"sqs:ReceiveMessage on {url}", wait, null, cancellationToken);
        return [.. (answer.Messages ?? []).Select(message => new QueueMessage(message.ReceiptHandle, message.Body))];
    }

    public Task DeleteAsync(QueueMessage message, CancellationToken cancellationToken) => call.RunAsync(
        token => sqs.DeleteMessageAsync(new DeleteMessageRequest(url, message.Handle), token), $"sqs:DeleteMessage on {url}", TimeSpan.Zero,
        null, cancellationToken);
}
