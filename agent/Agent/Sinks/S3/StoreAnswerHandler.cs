using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Lets through what S3 can have answered to a put or a deletion, with a bounded body; any other answer is a failure.</summary>
/// <remarks>The SDK reads an error's body to its end, takes any 2xx for a success, and a status for an error code.</remarks>
sealed class StoreAnswerHandler(S3SinkConfiguration sink, HttpMessageHandler next) : DelegatingHandler(next)
{
    /// <summary>Longer bodies are cut: S3's error documents have less than 2 KiB.</summary>
    public const int LongestBody = 64 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        try
        {
            var body = await ReadAsync(answer.Content, cancellationToken);
            var isDeletion = request.Method == HttpMethod.Delete;
            if ((isDeletion ? StoreAnswer.ProblemOfDeletion(answer) : StoreAnswer.ProblemOfForm(answer, body)) is { } problem)
                throw S3Failure.NotConfirmed(problem, sink);
            // The SDK would send the object where this points. Amazon's own word is taken for it, and no other's.
            if (sink.Endpoint is not null)
                answer.Headers.Remove("Location");
            answer.Content = Replace(answer.Content, body);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    static async Task<ArraySegment<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var (body, length) = (new byte[4 << 10], 0);
        int read;
        while (length < LongestBody && (read = await stream.ReadAsync(body.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length == body.Length && length < LongestBody)
                Array.Resize(ref body, length * 2);
        }

        return new(body, 0, length);
    }

    // Content-Length is then that of the part.
    static ByteArrayContent Replace(HttpContent content, ArraySegment<byte> body)
    {
        var part = new ByteArrayContent(body.Array!, body.Offset, body.Count);
        foreach (var header in content.Headers.NonValidated)
        {
            if (!header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                part.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return part;
    }
}
