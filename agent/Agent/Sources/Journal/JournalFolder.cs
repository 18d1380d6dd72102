using System.Globalization;
using System.Text;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>The files of a journal: segments, which are numbered, and the groups received before the last of them.</summary>
sealed class JournalFolder(string path)
{
    const string Ending = ".journal";
    const string Kind = "received";
    const int Version = 1;

    string KnownPath => Path.Combine(path, Kind);

    public string PathOf(long number) => Path.Combine(path, NameOf(number));

    public static string NameOf(long number) => number.ToString("D12", CultureInfo.InvariantCulture) + Ending;

    public static long? NumberOf(string? name) =>
        name?.EndsWith(Ending, StringComparison.Ordinal) == true
            && long.TryParse(name.AsSpan(0, name.Length - Ending.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>The numbers of all segments, and their sizes, oldest first.</summary>
    public SortedDictionary<long, long> List()
    {
        var found = new SortedDictionary<long, long>();
        DurableDirectory.Create(path);
        foreach (var file in new DirectoryInfo(path).EnumerateFiles($"*{Ending}"))
        {
            if (NumberOf(file.Name) is { } number)
            {
                found[number] = file.Length;
            }
        }

        return found;
    }

    /// <summary>Brings what was made and deleted to disk.</summary>
    public void Flush() => DurableDirectory.Flush(path);

    public void SaveKnown(KnownGroups groups)
    {
        var text = new StringBuilder();
        foreach (var (key, at) in groups.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()} {key}\n");
        }

        CheckedFile.Write(KnownPath, Kind, Version, Encoding.ASCII.GetBytes(text.ToString()), []);
    }

    /// <summary>Reads what was saved; false when there is nothing that can be read, and the segments must be asked.</summary>
    public bool TryLoadKnown(KnownGroups groups)
    {
        try
        {
            using var file = File.OpenRead(KnownPath);
            foreach (var line in Encoding.ASCII.GetString(CheckedFile.ReadHeader(file, Kind, Version)).Split('\n'))
            {
                if (line.Split(' ') is [var at, var hex] && GroupKey.Parse(Encoding.ASCII.GetBytes(hex)) is { } key
                    && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
                {
                    groups.Add(key, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
                }
            }

            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
