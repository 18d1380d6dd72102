using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The folders of an agent's pod. Secrets and ConfigMaps are whole folders: a single file would never change.</summary>
static class AgentVolumes
{
    const int OwnerReads = 256; // 0400
    const int AllRead = 292; // 0444

    /// <summary>The names that are taken.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "config", "log", "pods", "docker", "containers", "state", "credentials", "recipients", "ca", "webhook", "webhook-ca", "archive",
        "status-key", "receiver", "feed-credentials", "feed-ca",
    ];

    public static IReadOnlyList<AgentVolume> Of(Trail trail, RoleFiles role) =>
    [
        AgentVolume.Of("config", AgentPaths.Configuration, "configMap", new() { ["name"] = role.ConfigMap(trail) }).ReadOnly(),
        StatusKey(trail),
        .. role.Role == AgentRole.ApiServer ? OfApiServer(trail) : PodLogs(trail.Spec.WorkloadAgent, role.HasProcesses),
        role.IsCollected(trail)
            ? AgentVolume.OfClaim(AgentStatefulSet.Volume, AgentPaths.State)
            : AgentVolume.OfHost("state", AgentPaths.State, $"{role.Agent.StateDirectory.TrimEnd('/')}/{trail.Metadata.Name}"),
        .. Recipients(trail.Spec.Encryption),
        .. trail.Spec.Sink is { Type: SinkType.S3, S3: { } s3 } ? OfS3(s3) : [],
        .. trail.Spec.Notifications.Webhook is { } webhook ? OfWebhook(webhook) : [],
        .. trail.Spec.Sink is { Type: SinkType.Directory, Directory: { } directory } ? Archive(directory) : [],
    ];

    /// <summary>The Trail's value as plain JSON, to be part of another object.</summary>
    public static IReadOnlyList<JsonObject> Copies(JsonArray? items) =>
        [.. (items ?? []).OfType<JsonObject>().Select(item => item.DeepClone().AsObject())];

    // Optional: who applies these objects without the operator has no such Secret, and agents answer without a signature then.
    static AgentVolume StatusKey(Trail trail)
    {
        var secret = Secret(new AgentNames(trail.Metadata.Name).StatusKey, KeyToPath(StatusKeySecret.Key, StatusKeySecret.Key));
        secret["optional"] = true;
        return AgentVolume.Of("status-key", AgentPaths.StatusKey, "secret", secret).ReadOnly();
    }

    // The folder and not the file: rotation makes new files. At the node's path, as errors and status name it.
    // A mistyped path must not leave an empty folder on every node, and be taken for a log that is yet to come.
    static IEnumerable<AgentVolume> OfApiServer(Trail trail)
    {
        var source = trail.Spec.Sources.ApiServer;
        if (source.Called() is { } called)
            yield return ReceiverSecrets.Volume(trail, called);
        foreach (var volume in source is { Type: ApiServerSourceType.Bucket, Bucket: { } bucket } ? OfBucket(bucket) : [])
            yield return volume;
        if (source is { Type: ApiServerSourceType.EventHubs, EventHubs: { } hub })
            yield return AgentVolume.Of(
                "feed-credentials", AgentPaths.FeedCredentials, "secret",
                Secret(hub.ConnectionString.SecretName, KeyToPath(hub.ConnectionString.Key, AgentPaths.ConnectionString))).ReadOnly();
        if (source is not { Type: ApiServerSourceType.LogFile, LogFile: { } file })
            yield break;
        var folder = AgentPaths.FolderOf(file.Path);
        yield return AgentVolume.OfHostThatExists("log", folder, folder).ReadOnly();
    }

    // At the node's paths. Of the last folder only names are read, which name the containers of processes. Some nodes may have no Docker.
    static IEnumerable<AgentVolume> PodLogs(WorkloadAgentSpec agent, bool hasProcesses)
    {
        yield return AgentVolume.OfHostThatExists("pods", AgentPaths.PodLogs, AgentPaths.PodLogs).ReadOnly();
        if (agent.DockerContainers is { } docker)
            yield return AgentVolume.OfHost("docker", docker, docker).ReadOnly();
        if (hasProcesses)
            yield return AgentVolume.OfHost("containers", AgentPaths.ContainerLogs, AgentPaths.ContainerLogs).ReadOnly();
    }

    static IEnumerable<AgentVolume> Recipients(TrailEncryption encryption)
    {
        if (encryption is not { Type: EncryptionType.Envelope, Envelope: { } envelope })
            yield break;
        var sources = envelope.Recipients.Select((recipient, at) =>
            new JsonObject { ["configMap"] = Item(recipient.ConfigMapName, recipient.Key, AgentPaths.RecipientFile(at)) });
        yield return AgentVolume.Of(
            "recipients", AgentPaths.Recipients, "projected",
            new() { ["defaultMode"] = AllRead, ["sources"] = new JsonArray([.. sources]) }).ReadOnly();
    }

    static IEnumerable<AgentVolume> OfS3(TrailS3Sink s3)
    {
        if (s3.CaBundle is { } authorities)
            yield return Authorities("ca", AgentPaths.Authorities, authorities);
        if (s3.Credentials is { Type: TrailCredentialsType.Secret, Secret: { } secret })
            yield return AgentVolume.Of("credentials", AgentPaths.Credentials, "secret", Credentials(secret)).ReadOnly();
    }

    static IEnumerable<AgentVolume> OfBucket(ApiServerBucket bucket)
    {
        if (bucket.CaBundle is { } authorities)
            yield return Authorities("feed-ca", AgentPaths.FeedAuthorities, authorities);
        if (bucket.Credentials is { Type: TrailCredentialsType.Secret, Secret: { } secret })
            yield return AgentVolume.Of("feed-credentials", AgentPaths.FeedCredentials, "secret", Credentials(secret)).ReadOnly();
    }

    static IEnumerable<AgentVolume> OfWebhook(TrailWebhook webhook)
    {
        if (webhook.CaBundle is { } authorities)
            yield return Authorities("webhook-ca", AgentPaths.WebhookAuthorities, authorities);
        if (webhook.Secret is { } secret)
            yield return AgentVolume.Of(
                "webhook", AgentPaths.Webhook, "secret", Secret(secret.Name, KeyToPath(secret.Key, AgentPaths.WebhookSecret)))
                .ReadOnly();
    }

    static AgentVolume Authorities(string name, string path, CaBundle authorities) =>
        AgentVolume.Of(name, path, "configMap", Item(authorities.ConfigMapName, authorities.Key, AgentPaths.AuthoritiesFile)).ReadOnly();

    static JsonObject Credentials(CredentialsSecret secret)
    {
        JsonObject[] session = secret.SessionTokenKey is { } sessionToken ? [KeyToPath(sessionToken, AgentPaths.SessionToken)] : [];
        return Secret(
            secret.Name,
            [
                KeyToPath(secret.AccessKeyIdKey, AgentPaths.AccessKeyId),
                KeyToPath(secret.SecretAccessKeyKey, AgentPaths.SecretAccessKey),
                .. session,
            ]);
    }

    static JsonObject Secret(string name, params JsonObject[] items) =>
        new() { ["secretName"] = name, ["defaultMode"] = OwnerReads, ["items"] = new JsonArray([.. items]) };

    static IEnumerable<AgentVolume> Archive(TrailDirectorySink directory)
    {
        if (directory is { Type: DirectoryType.HostPath, HostPath: { } host })
            yield return AgentVolume.OfHost("archive", AgentPaths.Archive, host.Path);
        if (directory is { Type: DirectoryType.PersistentVolumeClaim, PersistentVolumeClaim: { } claim })
            yield return AgentVolume.Of("archive", AgentPaths.Archive, "persistentVolumeClaim", new() { ["claimName"] = claim.ClaimName });
    }

    static JsonObject Item(string configMap, string key, string path) =>
        new() { ["name"] = configMap, ["items"] = new JsonArray(KeyToPath(key, path)) };

    static JsonObject KeyToPath(string key, string path) => new() { ["key"] = key, ["path"] = path };
}
