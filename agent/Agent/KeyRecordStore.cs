using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Records;

namespace ClusterTrail.Agent;

/// <summary>Puts the operator's key records into the archive, through the spool, and knows which of them the sink has.</summary>
/// <remarks>
/// Guarantees: a record that was taken survives a crash and an outage, and is one object however often it is taken. What belongs to another
/// cluster or Trail, or is no record, is refused. Who signed it is for verifiers to judge: an agent does not know the operator's key.
/// </remarks>
sealed class KeyRecordStore
{
    readonly string path;
    readonly ChainOwner owner;
    readonly Outbox outbox;
    readonly TimeProvider time;
    readonly Action ensureOurs;
    readonly Lock gate = new();
    readonly HashSet<long> waiting;
    List<TakenRecord> taken;
    long next;

    /// <param name="path">The file that remembers them.</param>
    /// <param name="owner">The agent's chain.</param>
    /// <param name="outbox">Its spool is open already.</param>
    /// <param name="time">Says when a record was taken.</param>
    /// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
    public KeyRecordStore(string path, ChainOwner owner, Outbox outbox, TimeProvider time, Action ensureOurs)
    {
        (this.path, this.owner, this.outbox, this.time, this.ensureOurs) = (path, owner, outbox, time, ensureOurs);
        taken = Load(path);
        waiting = [.. Held()];
        // The file may be gone, or older than the spool after a crash.
        next = taken.Select(record => record.Sequence).Concat(waiting).Append(0).Max() + 1;
    }

    /// <summary>The hashes of the records that the sink has confirmed, the newest last.</summary>
    public IReadOnlyList<string> Stored
    {
        get
        {
            lock (gate)
            {
                NoteDelivered();
                return [.. taken.Where(record => !waiting.Contains(record.Sequence)).Select(record => record.Sha256)];
            }
        }
    }

    /// <summary>Takes a record. One that was taken already is not put again.</summary>
    /// <returns>Why not; null if it is taken.</returns>
    /// <exception cref="IOException">It is not on disk.</exception>
    public string? Take(ReadOnlyMemory<byte> body)
    {
        try
        {
            var signed = SignedObject.Read(body.ToArray());
            return Problem(signed, out var name) ?? Put(signed, name!);
        }
        catch (DigestException e)
        {
            return $"not a key record: {e.Message}";
        }
    }

    /// <summary>Notes that a record's file in the spool is damaged: it is not listed, so the operator sends it again.</summary>
    public void NoteLost(long sequence)
    {
        lock (gate)
        {
            waiting.Remove(sequence);
            taken = [.. taken.Where(record => record.Sequence != sequence)];
            Save();
        }
    }

    // A node that is gone has no agent: any agent of the Trail stores that its key is retired.
    string? Problem(SignedObject signed, out KeyRecordName? name)
    {
        name = null;
        ChainOwner whose;
        var kind = SignedContent.KindOf(signed);
        if (kind == KeyEnrolment.Kind)
        {
            var record = KeyEnrolment.Read(signed);
            (whose, name) = (record.Owner, record.NameOf(signed));
            if (whose != owner)
            {
                return "an enrolment for another agent";
            }
        }
        else if (kind == KeyRetirement.Kind)
        {
            var record = KeyRetirement.Read(signed);
            (whose, name) = (record.Owner, record.NameOf(signed));
        }
        else
        {
            return "neither an enrolment nor a retirement of a key";
        }

        return (whose.Cluster, whose.Trail) != (owner.Cluster, owner.Trail) ? "a record of another cluster or Trail"
            // What cannot be read back from a name could escape its folder.
            : !KeyRecordName.TryParse(name.ToString(), out var read) || read.ToString() != name.ToString() || read != name
            ? "a record whose names cannot stand in an object's name"
            : null;
    }

    string? Put(SignedObject signed, KeyRecordName name)
    {
        SpooledBatch added;
        lock (gate)
        {
            NoteDelivered();
            if (taken.Any(record => record.Sha256 == signed.Sha256))
            {
                return null;
            }

            if (waiting.Count >= KeyRecords.MostWaiting)
            {
                return "too many records wait for the sink";
            }

            ensureOurs();
            added = outbox.Spool.Add(HeaderOf(signed, name), signed.Bytes.Span);
            waiting.Add(next);
            taken = [.. taken.Append(new(signed.Sha256, next)).TakeLast(KeyRecords.MostListed)];
            next++;
            Save();
        }

        outbox.Deliver(added);
        return null;
    }

    // If it fails, the record is in the spool all the same, and the operator sends it again after a restart: the same object.
    void Save()
    {
        try
        {
            ensureOurs();
            using var file = new AtomicFile(path, path + ".tmp");
            file.Write(JsonSerializer.SerializeToUtf8Bytes(taken, KeyRecordJson.Default.ListTakenRecord));
            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    void NoteDelivered()
    {
        if (waiting.Count > 0)
        {
            waiting.IntersectWith(Held());
        }
    }

    IEnumerable<long> Held() => outbox.Spool.Held.Where(batch => batch.Source == SpooledBatch.KeyRecords).Select(batch => batch.Sequence);

    // A file that is missing or damaged is none: the operator sends again what is not listed.
    static List<TakenRecord> Load(string path)
    {
        try
        {
            return File.Exists(path)
                ? [.. (JsonSerializer.Deserialize(File.ReadAllBytes(path), KeyRecordJson.Default.ListTakenRecord) ?? [])
                    .OfType<TakenRecord>().TakeLast(KeyRecords.MostListed)]
                : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    SpoolHeader HeaderOf(SignedObject signed, KeyRecordName name) => new()
    {
        Name = name.ToString(),
        Source = SpooledBatch.KeyRecords,
        Sequence = next,
        Events = 0,
        RecordBytes = signed.Bytes.Length,
        FirstEvent = name.Time,
        LastEvent = name.Time,
        Sha256 = signed.Sha256,
        PlainSha256 = signed.Sha256,
        FirstPosition = "",
        LastPosition = "",
        SealedAt = time.GetUtcNow(),
    };
}

/// <summary>A record that was taken: its hash, and its number in the spool.</summary>
sealed record TakenRecord(string Sha256, long Sequence);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<TakenRecord>))]
sealed partial class KeyRecordJson : JsonSerializerContext;
