using System.Net;

namespace ClusterTrail.Telemetry;

/// <summary>
/// Reads an address to listen on: <c>127.0.0.1:9808</c>, <c>0.0.0.0:9808</c>, or <c>[::]:9808</c> for all of IPv4 and IPv6.
/// </summary>
public static class ListenAddress
{
    /// <exception cref="TelemetryException">It is not an address with a port.</exception>
    public static IPEndPoint Parse(string listen)
    {
        var colon = listen.LastIndexOf(':');
        // IPEndPoint takes an address without a port, and 127.1 for 127.0.0.1: both are rather mistakes here.
        if (colon > 0 && listen.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0
            && IPEndPoint.TryParse(listen, out var endPoint)
            && string.Equals(endPoint.ToString(), listen, StringComparison.OrdinalIgnoreCase))
            return endPoint;
        throw new TelemetryException(
            $"telemetry.listen is '{listen}' but must be an IP address and a port, such as 127.0.0.1:9808 or [::]:9808.");
    }
}
