using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with where a Trail's events come from, beyond its schema.</summary>
static class SourceProblems
{
    const string Field = "spec.sources.apiServer";

    public static IEnumerable<string> Of(Trail trail)
    {
        var (spec, source) = (trail.Spec, trail.Spec.Sources.ApiServer);
        foreach (var problem in source.IsCollected() ? Collected(trail) : [])
            yield return problem;
        if (source.Type != ApiServerSourceType.Bucket && source.Bucket is not null)
            yield return TrailProblems.Surplus($"{Field}.bucket", $"{Field}.type", "Bucket");
        if (source.Type != ApiServerSourceType.Admission && source.Admission is not null)
            yield return TrailProblems.Surplus($"{Field}.admission", $"{Field}.type", "Admission");
        if (source.Type != ApiServerSourceType.EventHubs && source.EventHubs is not null)
            yield return TrailProblems.Surplus($"{Field}.eventHubs", $"{Field}.type", "EventHubs");
        if (source is { Type: ApiServerSourceType.Bucket, Bucket.Credentials: { } credentials })
        {
            foreach (var problem in SinkProblems.Credentials(credentials, $"{Field}.bucket.credentials"))
                yield return problem;
        }

        if (source.Type != ApiServerSourceType.Webhook && source.Webhook is not null)
            yield return TrailProblems.Surplus($"{Field}.webhook", $"{Field}.type", "Webhook");
        if (source is { Type: not ApiServerSourceType.LogFile, LogFile: not null })
            yield return TrailProblems.Surplus($"{Field}.logFile", $"{Field}.type", "LogFile");
        if (source.LogFile is { } file)
        {
            foreach (var problem in LogPath(file.Path))
                yield return problem;
        }

        foreach (var (name, port) in new[] { ("webhook", source.Webhook?.Port), ("admission", source.Admission?.Port) })
        {
            if (port is < 1024 or > 65535)
                yield return $"{Field}.{name}.port is {port}; allowed: a whole number from 1024 to 65535.";
            else if (port == spec.Telemetry.Port)
                yield return $"{Field}.{name}.port is {port}, as spec.telemetry.port is; allowed: another port.";
        }
    }

    static IEnumerable<string> Collected(Trail trail)
    {
        if (trail.Metadata.Name.Length > AgentNames.LongestOfCollected)
        {
            yield return TrailProblems.Wrong(
                "metadata.name", trail.Metadata.Name,
                $"at most {AgentNames.LongestOfCollected} characters, because one agent of a StatefulSet reads for all API servers");
        }

        if (trail.Spec.Sink is { Type: SinkType.Directory, Directory.Type: DirectoryType.HostPath })
        {
            yield return "spec.sink.directory.type is HostPath; allowed: PersistentVolumeClaim, or a sink of type S3, because the agent "
                + "that reads for all API servers is on no certain node.";
        }

        var storage = BytesOf(trail.Spec.Collector.Storage);
        var needed = trail.Spec.Spool.MaxBytes + JournalOf(trail.Spec.Sources.ApiServer);
        if (storage is null)
            yield return TrailProblems.Wrong("spec.collector.storage", trail.Spec.Collector.Storage, "a quantity such as 10Gi");
        else if (storage < needed)
        {
            yield return TrailProblems.Wrong(
                "spec.collector.storage", trail.Spec.Collector.Storage,
                $"at least {needed} bytes, because spec.spool.maxBytes and journalMaxBytes may both fill up");
        }
    }

    static long JournalOf(ApiServerSource source) =>
        source.Receiver()?.JournalMaxBytes ?? source.Asked()?.JournalMaxBytes ?? source.Bucket?.JournalMaxBytes
            ?? source.EventHubs?.JournalMaxBytes ?? 0;

    static decimal? BytesOf(string quantity)
    {
        try
        {
            return new ResourceQuantity(quantity).ToDecimal();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    static IEnumerable<string> LogPath(string path)
    {
        const string field = $"{Field}.logFile.path";
        if (!Path.IsPathRooted(path))
            yield break; // reported by the agent's own rules
        var folder = AgentPaths.FolderOf(path);
        if (!TrailProblems.IsPath(path) || path.EndsWith('/') || folder.Length == 0)
            yield return TrailProblems.Wrong(
                field, path, "the path of a file in a directory, without '.' and '..', such as /var/log/kubernetes/audit/audit.log");
        else if (AgentPaths.Mounts.FirstOrDefault(mount => AgentPaths.IsIn(mount, folder) || AgentPaths.IsIn(folder, mount)) is { } taken)
        {
            yield return TrailProblems.Wrong(
                field, path, $"a file in another directory, because the agent's container has {taken} of its own");
        }
        else if (AgentPaths.Image.FirstOrDefault(part => AgentPaths.IsIn(folder, part)) is { } part)
            yield return TrailProblems.Wrong(field, path, $"a file in another directory, because the agent's image has {part} of its own");
    }
}
