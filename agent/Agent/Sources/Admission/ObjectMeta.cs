using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>What an object says of itself: pieces of it, as JSON strings without quotes.</summary>
ref struct ObjectMeta
{
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Uid;
    public ReadOnlySpan<byte> ResourceVersion;

    public static ObjectMeta Of(ReadOnlySpan<byte> json)
    {
        var meta = new ObjectMeta();
        var members = new JsonPieces(json);
        if (json.IsEmpty || !members.Begin())
            return meta;
        while (members.MoveNext())
        {
            if (members.Name.SequenceEqual("metadata"u8))
            {
                meta.Read(new(members.Value));
                break;
            }
        }

        return meta;
    }

    void Read(JsonPieces members)
    {
        if (!members.Begin())
            return;
        while (members.MoveNext())
        {
            if (members.Type != JsonTokenType.String)
                continue;
            switch (members.Name)
            {
                case var name when name.SequenceEqual("name"u8): Name = members.Value; break;
                case var name when name.SequenceEqual("uid"u8): Uid = members.Value; break;
                case var name when name.SequenceEqual("resourceVersion"u8): ResourceVersion = members.Value; break;
            }
        }
    }
}
