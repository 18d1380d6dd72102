namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>The request of an <c>admission.k8s.io/v1</c> AdmissionReview.</summary>
/// <remarks>
/// Every span is a piece of the body, and nothing when the member is absent or null: of a string what stands between the quotes, with its
/// escapes; of an object all of it.
/// </remarks>
ref struct AdmissionReview
{
    public ReadOnlySpan<byte> Uid;
    public AdmissionOperation Operation;

    /// <summary>What was asked for, where the API server has converted it for the webhook too.</summary>
    public AdmissionResource Resource;

    public ReadOnlySpan<byte> Subresource;
    public ReadOnlySpan<byte> Namespace;
    public ReadOnlySpan<byte> Name;
    public bool IsDryRun;

    public ReadOnlySpan<byte> User;
    public ReadOnlySpan<byte> Object;
    public ReadOnlySpan<byte> OldObject;
    public ReadOnlySpan<byte> Options;
}

ref struct AdmissionResource
{
    public ReadOnlySpan<byte> Group;
    public ReadOnlySpan<byte> Version;
    public ReadOnlySpan<byte> Resource;
}

enum AdmissionOperation
{
    Create,
    Update,
    Delete,
    Connect,
}
