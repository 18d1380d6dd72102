using System.Buffers;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>The path of a <c>requestURI</c>, decoded as Go's URL.Path is: that is what the policy checker compares.</summary>
static class RequestPath
{
    /// <param name="requestUri">The URI as the event writes it.</param>
    /// <param name="buffer">As long as the URI; used only when something is escaped.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> requestUri, Span<byte> buffer)
    {
        if (requestUri.Contains((byte)'\\'))
        {
            requestUri = buffer[..JsonEscapes.Unescape(requestUri, buffer)];
        }

        var query = requestUri.IndexOf((byte)'?');
        var path = query < 0 ? requestUri : requestUri[..query];
        return path.Contains((byte)'%') ? Decode(path, buffer) : path;
    }

    static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        var length = 0;
        for (var at = 0; at < path.Length; at++)
        {
            Span<byte> one = buffer[length..];
            if (path[at] == (byte)'%' && at + 2 < path.Length
                && Convert.FromHexString(path.Slice(at + 1, 2), one, out _, out _) == OperationStatus.Done)
            {
                at += 2;
            }
            else
            {
                one[0] = path[at];
            }

            length++;
        }

        return buffer[..length];
    }
}
