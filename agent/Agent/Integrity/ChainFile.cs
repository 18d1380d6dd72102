using System.Text.Json;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Integrity;

/// <summary>A chain's state on disk, with the whole of its newest digest: what makes the two of them one step.</summary>
/// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
sealed class ChainFile(string path, Action ensureOurs)
{
    const string Kind = "chain";
    const int Version = 1;

    /// <exception cref="IOException">It is not on disk.</exception>
    public void Save(ChainState state, ReadOnlySpan<byte> digest)
    {
        ensureOurs();
        CheckedFile.Write(path, Kind, Version, JsonSerializer.SerializeToUtf8Bytes(state, IntegrityJson.Default.ChainState), digest);
    }

    /// <summary>What was saved last; null when there is nothing.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public (ChainState State, byte[] Digest)? Load()
    {
        try
        {
            using var file = File.OpenRead(path);
            var header = CheckedFile.ReadHeader(file, Kind, Version);
            var digest = new byte[file.Length - file.Position];
            file.ReadExactly(digest);
            return (JsonSerializer.Deserialize(header, IntegrityJson.Default.ChainState)!, digest);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Keeps one that no digest can follow, for people to look at.</summary>
    public void SetAside()
    {
        if (File.Exists(path))
        {
            File.Move(path, path + ".former", overwrite: true);
            DurableDirectory.Flush(Path.GetDirectoryName(path)!);
        }
    }
}
