using System.Security.Cryptography;

namespace ClusterTrail.Rules.Events;

/// <summary>Reads events, also those that are nested too deep or not UTF-8: what a client writes so must hide nothing.</summary>
sealed class EventSalvager : IDisposable
{
    EventReducer? reducer;

    /// <summary>Reads the line; false when it is not an audit event, and the reason then.</summary>
    /// <param name="truncation">What was cut out of it before.</param>
    public bool TryParse(ReadOnlySpan<byte> line, JsonIndex index, out AuditEvent audit, out string reason, Truncation? truncation = null)
    {
        if (AuditEvent.TryParse(line, index, out audit, out reason, truncation))
        {
            return true;
        }

        if (truncation is not null || reason != AuditEvent.NotJson)
        {
            return false;
        }

        reducer ??= EventReducer.OfWholeLines();
        reducer.Start();
        reducer.Append(line);
        return reducer is { IsWhole: true, Reason: { } why }
            && AuditEvent.TryParse(reducer.Text, index, out audit, out _, new(why, line.Length, SHA256.HashData(line), [.. reducer.Cuts]));
    }

    public void Dispose() => reducer?.Dispose();
}
