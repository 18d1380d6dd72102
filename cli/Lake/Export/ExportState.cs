using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>What an export has so far: its settings, and a commit for each group of files.</summary>
/// <remarks>
/// A commit is written after its files. Files without one are of an export that was interrupted: the next one deletes them, and exports
/// their objects, of which no commit speaks, again.
/// </remarks>
sealed partial class ExportState
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    readonly HashSet<string> objects = [];
    readonly List<string> files = [];
    int commits;

    ExportState(ExportSettings settings) => Settings = settings;

    internal ExportSettings Settings { get; }

    /// <summary>The number of the next commit.</summary>
    internal int Next => commits + 1;

    /// <summary>The names of all complete files.</summary>
    internal IReadOnlyList<string> Files => files;

    internal bool Has(string name) => objects.Contains(name);

    /// <summary>Whether a file is called as those of exports are, in whatever folder; no object of an archive is.</summary>
    internal static bool IsPart(string fileName) => PartFile().IsMatch(fileName);

    /// <summary>What is there; null if it is no export.</summary>
    /// <exception cref="TrailException">It is damaged, or of a later version.</exception>
    internal static async Task<ExportState?> ReadAsync(IExportFiles target, CancellationToken cancellationToken)
    {
        if (await target.ReadAsync(ExportSettings.Name, cancellationToken) is not { } content)
            return null;
        var settings = Parse<ExportSettings>(target, ExportSettings.Name, content);
        if (settings.SchemaVersion > ExportSettings.CurrentVersion)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"{target.Name}/{ExportSettings.Name} has schemaVersion {settings.SchemaVersion}, and this program knows "
                    + $"{ExportSettings.CurrentVersion}; use a newer one.");
        }

        var state = new ExportState(settings);
        foreach (var name in (await target.ListAsync(ExportCommit.Folder, cancellationToken)).Order(StringComparer.Ordinal))
            state.Add($"{target.Name}/{name}", Parse<ExportCommit>(target, name, await target.ReadAsync(name, cancellationToken) ?? []));
        return state;
    }

    /// <summary>What is there, or a new export; files of one that was interrupted are deleted.</summary>
    /// <exception cref="TrailException">It has other settings.</exception>
    internal static async Task<ExportState> OpenAsync(IExportTarget target, ExportSettings settings, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(target, cancellationToken);
        if (state is null)
        {
            await PutAsync(target, ExportSettings.Name, settings, cancellationToken);
            return new(settings);
        }

        if (state.Settings != settings)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"{target.Name} is an export with {state.Settings}, and not with {settings}; "
                    + "export to another place, or with the same options.");
        }

        var complete = state.files.ToHashSet();
        foreach (var name in await target.ListAsync("", cancellationToken))
        {
            if (PartName().IsMatch(name) && !complete.Contains(name))
                await target.DeleteAsync(name, cancellationToken);
        }

        return state;
    }

    internal async Task CommitAsync(IExportTarget target, ExportCommit commit, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{ExportCommit.Folder}{Next:D8}.json");
        await PutAsync(target, name, commit, cancellationToken);
        Add($"{target.Name}/{name}", commit);
    }

    void Add(string name, ExportCommit commit)
    {
        if (!int.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out commits))
            throw Damaged(name, "its name is no number");
        if (commit.Files.FirstOrDefault(file => !PartName().IsMatch(file)) is { } other)
            throw Damaged(name, $"it names {other}, which is no file of an export");
        objects.UnionWith(commit.Objects);
        files.AddRange(commit.Files);
    }

    // Two exports that run at once would both write it.
    static Task PutAsync<T>(IExportTarget target, string name, T content, CancellationToken cancellationToken) =>
        target.PutAsync(name, new(JsonSerializer.SerializeToUtf8Bytes(content, Json)), isNew: true, cancellationToken);

    static T Parse<T>(IExportFiles target, string name, byte[] content)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(content, Json) ?? throw Damaged($"{target.Name}/{name}", "it is null");
        }
        catch (JsonException e)
        {
            throw Damaged($"{target.Name}/{name}", e.Message);
        }
    }

    static TrailException Damaged(string name, string why) => new(ExitCode.BadUsage, $"{name} is damaged: {why}");

    [GeneratedRegex(
        "^cluster=[A-Za-z0-9_.%-]+/trail=[A-Za-z0-9_.%-]+/date=[A-Za-z0-9_-]+/part-[0-9]{8}-[0-9a-f]{16}[.](parquet|ndjson[.]zst)$")]
    private static partial Regex PartName();

    [GeneratedRegex("^part-[0-9]{8}-[0-9a-f]{16}[.](parquet|ndjson[.]zst)$")]
    private static partial Regex PartFile();
}
