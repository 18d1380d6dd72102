using System.Net;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Shows a credential with every request, and once more a new one when the API server does not take it.</summary>
sealed class CredentialHandler(ClusterConnection connection) : DelegatingHandler
{
    readonly Lock changing = new();
    Transport? renewed;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = await connection.Credentials.GetAsync(refused: null, cancellationToken);
        var response = await SendAsync(request, credential, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;

        var other = await connection.Credentials.GetAsync(credential, cancellationToken);
        if (ReferenceEquals(other, credential))
            return response;
        response.Dispose();
        return await SendAsync(request, other, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            renewed?.Invoker.Dispose();
        base.Dispose(disposing);
    }

    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Credential credential, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = credential.Authorization;
        // SocketsHttpHandler takes the name for SNI and for the verification from here.
        request.Headers.Host = connection.TlsServerName;
        return ReferenceEquals(credential.Certificate, connection.Certificate)
            ? base.SendAsync(request, cancellationToken)
            : TransportFor(credential).SendAsync(request, cancellationToken);
    }

    // A connection keeps the certificate that it was made with, so one that a plugin gives needs other connections than the library's. The
    // former may still carry watches; they end by themselves.
    HttpMessageInvoker TransportFor(Credential credential)
    {
        lock (changing)
        {
            if (renewed is null || !ReferenceEquals(renewed.For.Certificate, credential.Certificate))
                renewed = new(credential, new HttpMessageInvoker(connection.CreateTransport(credential.Certificate)));
            return renewed.Invoker;
        }
    }

    sealed record Transport(Credential For, HttpMessageInvoker Invoker);
}
