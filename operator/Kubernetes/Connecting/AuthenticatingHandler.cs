using System.Net;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Shows a credential with every request, and once more a new one when the API server does not take it.</summary>
sealed class AuthenticatingHandler(ClusterConnection connection) : HttpMessageHandler
{
    readonly Lock changing = new();
    Transport? transport;

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
            transport?.Invoker.Dispose();
        base.Dispose(disposing);
    }

    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Credential credential, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = credential.Authorization;
        // SocketsHttpHandler takes the name to ask for and to verify from here.
        request.Headers.Host = connection.TlsServerName;
        return TransportFor(credential).SendAsync(request, cancellationToken);
    }

    // A connection keeps the certificate that it was made with, so another certificate needs other connections. The old ones may still carry
    // watches; they end by themselves.
    HttpMessageInvoker TransportFor(Credential credential)
    {
        lock (changing)
        {
            if (transport is null || !ReferenceEquals(transport.For.Certificate, credential.Certificate))
                transport = new(credential, new HttpMessageInvoker(connection.CreateTransport(credential)));
            return transport.Invoker;
        }
    }

    sealed record Transport(Credential For, HttpMessageInvoker Invoker);
}
