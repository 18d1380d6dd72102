using System.Net.Http.Headers;
using System.Security.Cryptography;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Agents;

/// <summary>Sends something to an agent, signed with its Trail's key for one purpose.</summary>
sealed class SignedPost : IDisposable
{
    const int NonceBytes = 16;
    const int LargestAnswer = 4096;

    readonly HttpClient http = AgentHttp.Client(LargestAnswer);

    /// <param name="url">Of the agent's page.</param>
    /// <param name="purpose">What the signature is for.</param>
    /// <param name="key">The Trail's.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What went wrong; null if nothing did.</returns>
    public async Task<string?> SendAsync(string url, string purpose, byte[] key, byte[] body, CancellationToken cancellationToken)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = content,
            Headers =
            {
                { SignedAnswer.NonceHeader, nonce },
                { SignedAnswer.SignatureHeader, ExecSignature.Sign(key, purpose, nonce, body) },
            },
        };
        using var answer = await http.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return null;
        var why = CleanReport.Text((await answer.Content.ReadAsStringAsync(cancellationToken)).Trim(), CleanReport.LongestText);
        return $"{url} answers {(int)answer.StatusCode}{(why.Length == 0 ? "" : $": {why}")}";
    }

    public void Dispose() => http.Dispose();
}
