using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Notifications;

/// <summary>Posts CloudEvents to a webhook, one a request.</summary>
/// <remarks>
/// Guarantee: an object counts as stored when the receiver has answered each of its events with 2xx; otherwise all are sent again.
/// </remarks>
sealed class WebhookSink : ISink, IDisposable
{
    readonly WebhookConfiguration webhook;
    readonly TimeProvider time;
    readonly ServerTrust trust;
    readonly HttpClient http;

    /// <exception cref="SinkException">The authorities cannot be read.</exception>
    public WebhookSink(WebhookConfiguration webhook, TimeProvider time, ILogger? logger = null)
    {
        (this.webhook, this.time) = (webhook, time);
        var names = new TrustNames("notifications.webhook.url", "notifications.webhook.caBundlePath", webhook.CaBundlePath);
        trust = new(names, time, logger ?? NullLogger.Instance);
        var connections = new SocketsHttpHandler
        {
            // A redirect would send the event to a host that the Trail does not name.
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = trust.Options,
        };
        http = new(connections) { Timeout = TimeSpan.FromSeconds(webhook.TimeoutSeconds) };
        // Neither path nor query: they are often a webhook's password.
        Description = new Uri(webhook.Url).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    public string Description { get; }

    public string? TrustError => trust.Error;

    public async Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
    {
        trust.Look();
        var rest = sealedObject.Content;
        while (!rest.IsEmpty)
        {
            var length = rest.Span.IndexOf((byte)'\n');
            await PostAsync(rest[..length], cancellationToken);
            rest = rest[(length + 1)..];
        }
    }

    public void Dispose() => http.Dispose();

    async Task PostAsync(ReadOnlyMemory<byte> cloudEvent, CancellationToken cancellationToken)
    {
        using var request = Request(cloudEvent);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw Refused(response.StatusCode);
        }
        catch (HttpRequestException e)
        {
            throw new SinkException("Unreachable", Unreachable(e), e) { Scope = FailureScope.Sink };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SinkException("Timeout", $"{Description} does not answer within {webhook.TimeoutSeconds} s.", e)
            {
                Scope = FailureScope.Sink,
            };
        }
    }

    SinkException Refused(HttpStatusCode status) =>
        new(
            HttpAnswer.Code(status),
            $"{Description} answers {HttpAnswer.Words(status)}. Its log may say why; the agent retries until the notification is accepted.")
        {
            Scope = HttpAnswer.ScopeOf(status),
        };

    string Unreachable(HttpRequestException failure) => failure.InnerException switch
    {
        UntrustedServerException untrusted => $"{Description} is not trusted: {untrusted.Message}",
        AuthenticationException tls =>
            $"{Description} failed the TLS handshake: {tls.Message} Check that notifications.webhook.url names a port that uses TLS.",
        _ => $"{Description} cannot be reached: {failure.Message}",
    };

    HttpRequestMessage Request(ReadOnlyMemory<byte> cloudEvent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ReadOnlyMemoryContent(cloudEvent) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.ContentType, "utf-8");
        if (webhook.SecretPath is { } path)
        {
            var (id, now) = (CloudEvent.IdOf(cloudEvent), time.GetUtcNow().ToUnixTimeSeconds());
            request.Headers.Add(WebhookSignature.IdHeader, id);
            request.Headers.Add(WebhookSignature.TimeHeader, now.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(ReadSecret(path), id, now, cloudEvent.Span));
        }

        return request;
    }

    /// <exception cref="SinkException">The file is missing, empty or unreadable.</exception>
    public static string ReadSecret(string path)
    {
        try
        {
            return RegularFile.ReadText(path, RegularFile.MostValueBytes).Trim() is { Length: > 0 } secret
                ? secret
                : throw new SinkException("NoCredentials", $"The webhook's secret file {path} is empty. Put the value into the Secret.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinkException("NoCredentials", $"The webhook's secret file {path} cannot be read: {e.Message} Check the Secret.", e);
        }
    }
}
