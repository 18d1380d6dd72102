using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>The file that says how far a feed is read. It is behind the journal, never before it.</summary>
/// <param name="kind">What it is about, which its first bytes say.</param>
sealed class FeedProgressFile<T>(string path, string kind, JsonTypeInfo<T> json, Action ensureHeld)
    where T : class
{
    const int Version = 1;

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public T? Load()
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, kind, Version), json);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    public void Save(T progress)
    {
        ensureHeld();
        CheckedFile.Write(path, kind, Version, JsonSerializer.SerializeToUtf8Bytes(progress, json), []);
    }
}
