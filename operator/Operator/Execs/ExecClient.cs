using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Agents;

namespace ClusterTrail.Operator.Execs;

/// <summary>Speaks with agents about execs, over HTTP.</summary>
/// <remarks>Guarantee: nothing of an answer is used that was not signed for this request with the Trail's key.</remarks>
sealed class ExecClient : IDisposable
{
    const int LargestAnswer = 1 << 20;
    const int NonceBytes = 16;

    readonly ECDsa own = OperatorSignature.NewKey();
    readonly HttpClient http = AgentHttp.Client(LargestAnswer);

    /// <summary>Asks for the exec events after a number; nothing from an agent that reads no API server's log.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, or its answer cannot be trusted.</exception>
    public async Task<ExecReport?> AskAsync(ExecAgent agent, long after, CancellationToken cancellationToken)
    {
        var (query, nonce) = ($"?after={after}", NewNonce());
        using var request = new HttpRequestMessage(HttpMethod.Get, agent.Url + query);
        Sign(request, nonce, ExecSignature.Sign(agent.Key, ExecSignature.Ask, nonce, Encoding.ASCII.GetBytes(query)));
        var report = await SendAsync(agent, request, nonce, ExecSignature.Report, ExecsJson.Default.ExecReport, cancellationToken);
        return report is null || (report.Trail == agent.Trail && report.Node == agent.Node && report.IsWhole())
            ? report
            : throw new HttpRequestException("its report is of another agent, too long, or not whole.");
    }

    /// <summary>Hands over; nothing from an agent that records no processes.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, refuses, or its answer cannot be trusted.</exception>
    public async Task<HandoverAnswer?> HandAsync(ExecAgent agent, ExecHandover handover, CancellationToken cancellationToken)
    {
        var signed = handover with { OperatorKey = OperatorSignature.PublicKey(own) };
        var body = JsonSerializer.SerializeToUtf8Bytes(signed, ExecsJson.Default.ExecHandover);
        var nonce = NewNonce();
        using var request = new HttpRequestMessage(HttpMethod.Post, agent.Url) { Content = new ByteArrayContent(body) };
        Sign(request, nonce, OperatorSignature.Sign(agent.Key, own, nonce, body));
        var answer = await SendAsync(agent, request, nonce, ExecSignature.Answer, ExecsJson.Default.HandoverAnswer, cancellationToken);
        return answer is null
            || (answer.Trail == agent.Trail && answer.Node == agent.Node && answer.Sequence == handover.Sequence
                && answer.IsWhole())
            ? answer
            : throw new HttpRequestException("its answer is of another agent, to another handover, or names pods that cannot be.");
    }

    public void Dispose()
    {
        http.Dispose();
        own.Dispose();
    }

    async Task<T?> SendAsync<T>(
        ExecAgent agent, HttpRequestMessage request, string nonce, string purpose, JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await http.SendAsync(request, cancellationToken);
        // An agent of before knows no such page, and takes nothing.
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
            return null;
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException(
                $"it answers {(int)answer.StatusCode}: {CleanReport.Text(Encoding.UTF8.GetString(body), CleanReport.LongestName)}",
                inner: null, answer.StatusCode);
        }

        var signature = answer.Headers.TryGetValues(SignedAnswer.SignatureHeader, out var signatures) ? signatures.FirstOrDefault() : null;
        if (!ExecSignature.IsSigned(agent.Key, purpose, nonce, body, signature))
            throw new HttpRequestException("its answer is not signed with this Trail's key.");
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new HttpRequestException("its answer is empty.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new HttpRequestException($"its answer cannot be read: {CleanReport.Text(e.Message, CleanReport.LongestName)}", e);
        }
    }

    static void Sign(HttpRequestMessage request, string nonce, string signature)
    {
        request.Headers.Add(SignedAnswer.NonceHeader, nonce);
        request.Headers.Add(SignedAnswer.SignatureHeader, signature);
    }

    static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
}
