using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent.Spool;

/// <summary>A source's checkpoint on disk.</summary>
/// <param name="ensureOurs">Throws an IOException when nothing may be written beside it any more.</param>
sealed class CheckpointFile(string path, Action? ensureOurs = null)
{
    const string Kind = "checkpoint";
    const int Version = 1;

    public string Path => path;

    /// <exception cref="IOException">It is not on disk.</exception>
    public void Save(Checkpoint checkpoint)
    {
        ensureOurs?.Invoke();
        CheckedFile.Write(path, Kind, Version, JsonSerializer.SerializeToUtf8Bytes(checkpoint, SpoolJson.Default.Checkpoint), []);
    }

    /// <summary>The checkpoint saved last; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="ConfigurationException">It is there and cannot be read: starting without it would deliver twice.</exception>
    public Checkpoint? Load()
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, Kind, Version), SpoolJson.Default.Checkpoint);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"stateDirectory: {path} cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
