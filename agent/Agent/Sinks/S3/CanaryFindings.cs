using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using LockMode = ClusterTrail.Contract.ObjectLockMode;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>What the answers to a canary's requests mean. Pure.</summary>
/// <param name="sink">As the canary is stored.</param>
/// <param name="name">The canary's name, below the sink's prefix.</param>
sealed class CanaryFindings(S3SinkConfiguration sink, string name, DateTimeOffset at)
{
    /// <summary>The canary was not stored.</summary>
    public ImmutabilityStatus NotStored(SinkException failure) => failure.Code == "InvalidRequest" && sink.ObjectLock is not null
        ? Verdict(
            false, "ObjectLockDisabled",
            $"The bucket {sink.Bucket} refuses Object Lock: {failure.Message} Nothing is delivered until it is enabled.")
        : Verdict(null, failure.Code, $"No object could be stored to try it with: {failure.Message}");

    /// <summary>Other bytes were put under the canary's name.</summary>
    /// <param name="first">The version of the canary; null if the store named none.</param>
    /// <param name="second">The version of the other bytes.</param>
    /// <param name="refusal">Null: they were accepted.</param>
    /// <returns>Null: nothing speaks against it so far.</returns>
    public ImmutabilityStatus? OfOverwriting(string? first, string? second, SinkException? refusal)
    {
        if (refusal is not null)
        {
            return IsRefusal(refusal) ? null : Verdict(
                null, refusal.Code, $"It is not known whether an object can be overwritten: {refusal.Message}");
        }

        return first is not null && second is not null && first != second ? null : Verdict(
            false, "NotVersioned",
            $"An object was overwritten with the agent's credentials, and the bucket {sink.Bucket} kept no version of it. "
                + "Enable Object Lock, or at least versioning, or deny puts without If-None-Match in the bucket policy.");
    }

    /// <summary>The canary's version was to be deleted.</summary>
    /// <param name="refusal">Null: it was deleted.</param>
    /// <param name="mayDelete">Whether the credentials have the permission to delete versions.</param>
    public ImmutabilityStatus OfDeleting(string? version, SinkException? refusal, bool mayDelete) => refusal switch
    {
        null => Verdict(false, "Deletable", Deleted()),
        _ when !IsRefusal(refusal) => Verdict(
            null, refusal.Code, $"It is not known whether an object can be deleted: {refusal.Message}"),
        _ when sink.ObjectLock is not null && version is not null && refusal.Code == "AccessDenied" && !mayDelete => Verdict(
            true, "LockedUnproven",
            $"The bucket {sink.Bucket} keeps versions and accepts Object Lock ({sink.ObjectLock.Mode}). Overwriting lost no version, and "
                + "deleting a version was refused, because the credentials may not delete versions. This is as it should be, and does not "
                + "show whether the lock holds too: try it once with other credentials."),
        _ when sink.ObjectLock is not null && version is not null => Verdict(
            true, "Locked",
            $"The bucket {sink.Bucket} keeps versions and accepts Object Lock ({sink.ObjectLock.Mode}). Overwriting lost no version, and "
                + $"the lock kept a version from being deleted ({refusal.Code})."),
        _ when sink.ObjectLock is not null => Verdict(
            false, "NotVersioned",
            $"The bucket {sink.Bucket} accepts Object Lock, but names no version of what it stores, so nothing is locked. "
                + "Check that the store knows Object Lock, and that it is enabled on the bucket."),
        _ => Verdict(
            true, "NoPermission",
            "Nothing is lost by what the agent's credentials may do: overwriting left a version or was refused, and deleting was refused "
                + $"({refusal.Code}). The Trail sets no Object Lock. Other credentials may delete, unless the bucket has a default "
                + "retention."),
    };

    // 412 is an answer to the condition, which these requests do not have.
    static bool IsRefusal(SinkException failure) => failure.Code is "AccessDenied" or "ObjectLocked";

    string Deleted() => sink.ObjectLock switch
    {
        { Mode: LockMode.Governance } =>
            $"A locked object was deleted from the bucket {sink.Bucket} with the agent's credentials. Take "
                + "s3:BypassGovernanceRetention and s3:DeleteObjectVersion from them, or use the mode Compliance.",
        { } => $"An object that was stored with Object Lock (Compliance) was deleted from the bucket {sink.Bucket}. The store does not "
            + "enforce the lock: use one that does.",
        null => $"An object was deleted from the bucket {sink.Bucket} with the agent's credentials. Take s3:DeleteObject and "
            + "s3:DeleteObjectVersion from them, and set Object Lock.",
    };

    ImmutabilityStatus Verdict(bool? immutable, string reason, string message) => new()
    {
        At = at,
        Immutable = immutable,
        Reason = reason,
        Message = message,
        Object = name,
    };
}
