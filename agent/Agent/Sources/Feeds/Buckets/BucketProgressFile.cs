using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>The file of a bucket's ledger. It is behind the journal, never before it.</summary>
sealed class BucketProgressFile(string path, Action ensureHeld)
{
    const string Kind = "bucket";
    const int Version = 1;

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public BucketProgress? Load()
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, Kind, Version), BucketJson.Default.BucketProgress);
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

    public void Save(BucketProgress progress)
    {
        ensureHeld();
        CheckedFile.Write(path, Kind, Version, JsonSerializer.SerializeToUtf8Bytes(progress, BucketJson.Default.BucketProgress), []);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(BucketProgress))]
sealed partial class BucketJson : JsonSerializerContext;
