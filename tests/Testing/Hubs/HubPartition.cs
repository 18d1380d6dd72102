using Amqp.Framing;
using Amqp.Types;

namespace ClusterTrail.Testing.Hubs;

/// <summary>A partition of an <see cref="EventHubServer"/>: messages with numbers, and who reads them.</summary>
sealed class HubPartition
{
    readonly Lock gate = new();
    readonly List<HubStored> messages = [];
    readonly Dictionary<string, HubReader> readers = [];
    long next;
    DateTime lastAt = DateTime.UnixEpoch;

    public int Sent
    {
        get
        {
            lock (gate)
                return readers.Values.Sum(one => one.Sent);
        }
    }

    public void Add(byte[] body)
    {
        lock (gate)
        {
            lastAt = DateTime.UtcNow;
            messages.Add(new(next++, lastAt, body));
        }

        Pump();
    }

    public void Expire(long before)
    {
        lock (gate)
            messages.RemoveAll(one => one.Sequence < before);
    }

    public Map Describe(string hub, string id)
    {
        lock (gate)
        {
            return new()
            {
                ["name"] = hub,
                ["type"] = "com.microsoft:partition",
                ["partition"] = id,
                ["begin_sequence_number"] = messages is [var first, ..] ? first.Sequence : next,
                ["last_enqueued_sequence_number"] = next - 1,
                ["last_enqueued_offset"] = $"{(next - 1) * 100}",
                ["last_enqueued_time_utc"] = lastAt,
                ["is_partition_empty"] = messages.Count == 0,
            };
        }
    }

    /// <summary>Gives it to a reader, and ends the one before, unless that has a higher level.</summary>
    public bool TryOpen(string group, HubReader reader, out Error? refused)
    {
        lock (gate)
        {
            refused = null;
            if (readers.TryGetValue(group, out var other) && other.IsOpen)
            {
                if (other.Level > reader.Level)
                {
                    refused = Stolen($"a receiver with a higher epoch '{other.Level}' already exists.");
                    return false;
                }

                other.End(Stolen($"New receiver with higher epoch of '{reader.Level}' is created."));
            }

            readers[group] = reader;
            reader.Begin(After);
            return true;
        }
    }

    static Error Stolen(string description) => new("amqp:link:stolen") { Description = description };

    HubStored? After(long? sequence)
    {
        lock (gate)
            return messages.Find(one => one.Sequence > (sequence ?? -1));
    }

    void Pump()
    {
        List<HubReader> now;
        lock (gate)
            now = [.. readers.Values];
        now.ForEach(one => one.Pump());
    }
}

sealed record HubStored(long Sequence, DateTime At, byte[] Body);
