using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Tests.Events;

/// <summary>What System.Text.Json says of a text: the judge of our index.</summary>
static class JsonReference
{
    /// <summary>Whether the reader takes the text, and it is UTF-8, which the reader does not look at within strings.</summary>
    public static bool IsValid(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonIndex.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Fails unless the index agrees with the reader on whether the text is valid and, if it is, on where everything in it stands.</summary>
    public static bool AssertAgrees(JsonIndex index, byte[] json)
    {
        var expected = IsValid(json);

        var actual = index.TryIndex(json);

        if (expected != actual)
            Assert.Fail($"The reader says {expected}, the index {actual}: {Show(json)}");

        if (actual && !SameValues(json, index))
            Assert.Fail($"The index finds other values: {Show(json)}");

        return actual;
    }

    static bool SameValues(byte[] json, JsonIndex index)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonIndex.MaxDepth });
        return SameValue(document.RootElement, json, index, 0);
    }

    static string Show(byte[] json) => $"{Encoding.Latin1.GetString(json.Length > 3000 ? json[..3000] : json)} ({Convert.ToBase64String(json)})";

    static bool SameValue(JsonElement expected, byte[] json, JsonIndex index, int token)
    {
        var raw = JsonMarshal.GetRawUtf8Value(expected);
        var found = json.AsSpan(index.Position(token));
        if (!found.StartsWith(raw))
            return false;

        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                return EndsAt(raw, json, index, token) && SameMembers(expected, json, index, token);
            case JsonValueKind.Array:
                return EndsAt(raw, json, index, token) && SameItems(expected, json, index, token);
            case JsonValueKind.String when token == 0:
                // No event is a string alone: there is no token after it that says where it ends.
                return index.After(json, token) == token + 1;
            case JsonValueKind.String:
                return index.After(json, token) == token + 1 && JsonText.At(json, index, token).SequenceEqual(raw[1..^1]);
            case JsonValueKind.Null:
                return index.After(json, token) == token + 1 && JsonText.At(json, index, token).IsEmpty;
            default:
                return index.After(json, token) == token + 1 && JsonText.At(json, index, token).SequenceEqual(raw);
        }
    }

    static bool EndsAt(ReadOnlySpan<byte> raw, byte[] json, JsonIndex index, int token) =>
        index.Position(index.Closing(token)) == index.Position(token) + raw.Length - 1
        && index.After(json, token) == index.Closing(token) + 1
        && json[index.Position(index.Closing(token))] == raw[^1];

    static bool SameMembers(JsonElement expected, byte[] json, JsonIndex index, int token)
    {
        var members = expected.EnumerateObject();
        foreach (var member in new JsonMembers(json, index, token))
        {
            if (!members.MoveNext() || !JsonMarshal.GetRawUtf8PropertyName(members.Current).SequenceEqual(member.Name)
                || !SameValue(members.Current.Value, json, index, member.Value))
                return false;
        }

        return !members.MoveNext() && !new JsonItems(json, index, token).MoveNext();
    }

    static bool SameItems(JsonElement expected, byte[] json, JsonIndex index, int token)
    {
        var items = expected.EnumerateArray();
        foreach (var item in new JsonItems(json, index, token))
        {
            if (!items.MoveNext() || !SameValue(items.Current, json, index, item))
                return false;
        }

        return !items.MoveNext() && !new JsonMembers(json, index, token).MoveNext();
    }
}
