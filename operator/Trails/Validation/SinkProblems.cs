using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using static ClusterTrail.Trails.Validation.TrailProblems;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with a Trail's sink that an agent cannot know of.</summary>
static class SinkProblems
{
    public static IEnumerable<string> Of(TrailSink sink)
    {
        if (sink.Type != SinkType.S3 && sink.S3 is not null)
            yield return Surplus("spec.sink.s3", "spec.sink.type", "S3");
        if (sink.Type != SinkType.Directory && sink.Directory is not null)
            yield return Surplus("spec.sink.directory", "spec.sink.type", "Directory");
        foreach (var problem in sink.S3 is null ? [] : Credentials(sink.S3.Credentials, "spec.sink.s3.credentials"))
            yield return problem;
        foreach (var problem in sink.Directory is null ? [] : Directory(sink.Directory))
            yield return problem;
    }

    internal static IEnumerable<string> Credentials(TrailCredentials credentials, string field)
    {
        var isSecret = credentials.Type == TrailCredentialsType.Secret;
        if (isSecret && credentials.Secret is null)
            yield return Missing($"{field}.secret", "Secret");
        if (!isSecret && credentials.Secret is not null)
            yield return Surplus($"{field}.secret", $"{field}.type", "Secret");
    }

    static IEnumerable<string> Directory(TrailDirectorySink directory)
    {
        const string field = "spec.sink.directory";
        var isHostPath = directory.Type == DirectoryType.HostPath;
        if (isHostPath && directory.HostPath is null)
            yield return Missing($"{field}.hostPath", "HostPath");
        if (!isHostPath && directory.HostPath is not null)
            yield return Surplus($"{field}.hostPath", $"{field}.type", "HostPath");
        if (!isHostPath && directory.PersistentVolumeClaim is null)
            yield return Missing($"{field}.persistentVolumeClaim", "PersistentVolumeClaim");
        if (isHostPath && directory.PersistentVolumeClaim is not null)
            yield return Surplus($"{field}.persistentVolumeClaim", $"{field}.type", "PersistentVolumeClaim");
        if (directory.HostPath is { } hostPath && !IsPath(hostPath.Path))
            yield return Wrong($"{field}.hostPath.path", hostPath.Path, Folder("/var/lib/clustertrail-archive"));
    }
}
