namespace ClusterTrail.Agent.Records;

/// <summary>The member <c>eventContext</c> of a record, which CloudTrail calls so: the labels of what the event is about.</summary>
/// <param name="ofNamespace">The item of the namespace; nothing if its labels are not known, or not asked for.</param>
/// <param name="ofOwner">The item of the pod's controller; the same.</param>
readonly ref struct EventContext(ReadOnlySpan<byte> ofNamespace, ReadOnlySpan<byte> ofOwner)
{
    // What stands around the items.
    const int Room = 64;

    readonly ReadOnlySpan<byte> ofNamespace = ofNamespace;
    readonly ReadOnlySpan<byte> ofOwner = ofOwner;

    /// <summary>The most that it takes.</summary>
    public int Length => Room + ofNamespace.Length + ofOwner.Length;

    /// <summary>Writes the member with a comma after it; nothing if there is nothing in it.</summary>
    public void Write(RecordBuffer record)
    {
        if (ofNamespace.IsEmpty && ofOwner.IsEmpty)
        {
            return;
        }

        record.Append("\"eventContext\":{\"tagContext\":{\"resourceTags\":["u8);
        record.Append(ofNamespace);
        record.Append(ofNamespace.IsEmpty || ofOwner.IsEmpty ? ""u8 : ","u8);
        record.Append(ofOwner);
        record.Append("]}},"u8);
    }
}
