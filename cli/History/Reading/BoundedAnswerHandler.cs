namespace ClusterTrail.History.Reading;

/// <summary>The SDK takes a page of a listing or an error document whole into memory, so neither may be endless.</summary>
/// <remarks>An object's content is not bounded here: it is read piece by piece.</remarks>
sealed class BoundedAnswerHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // A thousand names of 1 KiB, each byte perhaps escaped, take 6 MiB.
    const int MostBytes = 16 << 20;
    const string ListQuery = "list-type=2";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode && request.RequestUri?.Query.Contains(ListQuery, StringComparison.Ordinal) != true)
            return answer;
        try
        {
            await answer.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
