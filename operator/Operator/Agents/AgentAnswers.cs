using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Agents;

/// <summary>Requests an agent's status, and believes nothing of the answer that was not checked.</summary>
sealed class AgentAnswers : IDisposable
{
    const int LargestAnswer = 1 << 20;
    const int NonceBytes = 16;

    readonly HttpClient http = AgentHttp.Client(LargestAnswer);

    /// <param name="url">Of its <c>/status</c>.</param>
    /// <param name="key">What it must sign with; null if its pod was made without a key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HttpRequestException">It cannot be reached, or answers with an error, or with too much.</exception>
    /// <exception cref="AnswerRefusedException">It answers, and that cannot be trusted.</exception>
    public async Task<AgentStatus?> AskAsync(string url, byte[]? key, CancellationToken cancellationToken)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { SignedAnswer.NonceHeader, nonce } } };
        using var answer = await http.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException($"it answers {(int)answer.StatusCode}.", inner: null, answer.StatusCode);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (key is not null && !SignedAnswer.IsSigned(key, nonce, body, SignatureOf(answer)))
        {
            throw new AnswerRefusedException(
                "the answer is not signed with this Trail's key. If the Secret with the key has changed, kubelets take up to two minutes "
                    + "to update it; otherwise something else answers in the agent's place.");
        }

        try
        {
            return JsonSerializer.Deserialize(body, StatusJson.Default.AgentStatus);
        }
        catch (JsonException e)
        {
            throw new AnswerRefusedException($"its status cannot be read: {CleanReport.Text(e.Message, CleanReport.LongestName)}");
        }
    }

    public void Dispose() => http.Dispose();

    static string? SignatureOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(SignedAnswer.SignatureHeader, out var signatures) ? signatures.FirstOrDefault() : null;
}
