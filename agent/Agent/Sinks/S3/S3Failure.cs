using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Says what went wrong with a put, and what to do about it.</summary>
static partial class S3Failure
{
    const int LongestAnswer = 300;

    public static SinkException Explain(Exception failure, S3SinkConfiguration sink) => failure switch
    {
        _ when Cause<SinkException>(failure) is { } known => known,
        OperationCanceledException or TimeoutException => new(
            "Timeout", $"{Store(sink)} did not answer within {sink.TimeoutSeconds} s. The agent retries.", failure)
        {
            Scope = FailureScope.Sink,
        },
        AmazonServiceException { StatusCode: not 0 } answer => Refused(answer, sink),
        _ when Cause<UntrustedServerException>(failure) is { } untrusted => Unreachable(
            $"{Store(sink)} is not trusted: {untrusted.Message}", failure),
        _ when Cause<AuthenticationException>(failure) is { } tls => Unreachable(
            $"{Store(sink)} failed the TLS handshake: {tls.Message} Check that sink.s3.endpoint names a port that uses TLS.", failure),
        _ when Cause<SocketException>(failure) is { } socket => Unreachable(
            $"{Store(sink)} cannot be reached: {socket.Message}. Check the endpoint, DNS and network policies.", failure),
        _ when IsNotHttp(Cause<HttpRequestException>(failure)?.HttpRequestError ?? Cause<HttpIOException>(failure)?.HttpRequestError) =>
            NotConfirmed($"answered with something that is not HTTP, or with too many headers: {failure.Message.TrimEnd('.')}", sink),
        _ when Cause<HttpRequestException>(failure) is not null || Cause<IOException>(failure) is not null => Unreachable(
            $"{Store(sink)} closed the connection before it answered. The agent retries.", failure),
        AmazonClientException => new(
            "NoCredentials",
            $"The AWS SDK found no credentials: {failure.Message} Set sink.s3.credentials or give the pod a role.", failure)
        {
            Scope = FailureScope.Sink,
        },
        _ => new("Unknown", $"The put failed: {failure.Message}", failure),
    };

    /// <summary>The answer does not show that the store has the object.</summary>
    /// <param name="problem">What was answered; it continues the sentence that begins with the store.</param>
    public static SinkException NotConfirmed(string problem, S3SinkConfiguration sink) => new(
        "NotConfirmed",
        $"{Store(sink)} {Clean(problem)}. This does not confirm that the object is stored, and the agent retries. Check that "
            + "sink.s3.endpoint is the store, and that no proxy or login page answers in its place.")
    {
        Scope = FailureScope.Sink,
    };

    static SinkException Unreachable(string message, Exception failure) =>
        new("Unreachable", message, failure) { Scope = FailureScope.Sink };

    static SinkException Refused(AmazonServiceException answer, S3SinkConfiguration sink)
    {
        var (code, said) = (CodeOf(answer), Said(answer));
        var words = code == HttpAnswer.Code(answer.StatusCode) ? HttpAnswer.Words(answer.StatusCode) : code;
        var quoted = said.Length == 0 ? "" : $" ({said})";
        return new(code, $"{Store(sink)} answered {words}{quoted}. {S3Advice.For(code, said, sink)}", answer)
        {
            Scope = S3Advice.ScopeOf(code, answer.StatusCode),
        };
    }

    // The SDK uses the status as the code if the answer is not XML.
    static string CodeOf(AmazonServiceException answer) =>
        answer.ErrorCode is { } word && CodePattern().IsMatch(word) && !word.Equals($"{answer.StatusCode}", StringComparison.Ordinal)
            ? word
            : HttpAnswer.Code(answer.StatusCode);

    static string Said(AmazonServiceException answer) =>
        string.IsNullOrWhiteSpace(answer.Message) ? "" : Clean(answer.Message).Trim(' ', '.');

    static string Clean(string text) => ControlCharacters().Replace(Shorten(text), " ");

    static bool IsNotHttp(HttpRequestError? error) =>
        error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded;

    static string Shorten(string text) => text.Length <= LongestAnswer ? text : text[..LongestAnswer];

    static string Store(S3SinkConfiguration sink) => sink.Endpoint ?? $"S3 bucket {sink.Bucket}";

    static T? Cause<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T cause)
                return cause;
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9.]{0,63}\z")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex ControlCharacters();
}
