using System.Text.Json;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Remembers on disk how far the sink has confirmed a chain.</summary>
/// <remarks>
/// Guarantee: it only moves forward within a chain, also over a restart: what is not on disk is not said. It is noted before the digest
/// leaves the spool, so a crash in between delivers the same digest once more.
/// </remarks>
/// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
sealed class ConfirmedDigest(string path, Action ensureOurs)
{
    const string Kind = "confirmed";
    const int Version = 1;

    readonly Lock gate = new();
    volatile ConfirmedState? state = Load(path);

    /// <summary>The newest one; null: none is known.</summary>
    public ConfirmedState? State => state;

    /// <summary>Notes a digest that the sink has confirmed; they may come in any order.</summary>
    public void Note(ConfirmedState confirmed)
    {
        lock (gate)
        {
            if (state?.ChainId == confirmed.ChainId && state.Sequence >= confirmed.Sequence)
            {
                return;
            }

            try
            {
                ensureOurs();
                var header = JsonSerializer.SerializeToUtf8Bytes(confirmed, IntegrityJson.Default.ConfirmedState);
                CheckedFile.Write(path, Kind, Version, header, []);
                state = confirmed;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Delivery goes on, and the next digest says as much.
            }
        }
    }

    // What is not known is only said later: the next digest that is delivered says it.
    static ConfirmedState? Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, Kind, Version), IntegrityJson.Default.ConfirmedState);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>A digest that the sink has confirmed.</summary>
/// <param name="Until">When it was sealed.</param>
sealed record ConfirmedState(string ChainId, long Sequence, string Sha256, DateTimeOffset Until);
