using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Digests;

/// <summary>Reads the members of an object; what is missing, unknown or wrong is a sentence that names it.</summary>
/// <param name="path">Where the object is, such as <c>objects[3].</c></param>
/// <param name="minor">The minor version that wrote it. Of a later one than this reader knows, unknown members are ignored.</param>
sealed class Members(JsonObject json, string path, int minor)
{
    const int Sha256Digits = 64;

    readonly HashSet<string> taken = [];

    public int Minor => minor;

    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string? TextOrNull(string name) => Take(name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        var other => throw Wrong(name, other, "a string"),
    };

    /// <summary>An integer from 0 on.</summary>
    public long Count(string name) => CountOrNull(name) ?? throw Missing(name);

    /// <summary>An integer from 0 up to a largest one.</summary>
    public long CountUpTo(string name, long most) =>
        Count(name) is var count && count <= most ? count : throw Wrong(name, count, $"an integer from 0 to {most}");

    public long? CountOrNull(string name) => Take(name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.Number && value.TryGetValue<long>(out var count) && count >= 0 => count,
        var other => throw Wrong(name, other, "an integer from 0 on"),
    };

    public bool Flag(string name) => Take(name) switch
    {
        null => false,
        JsonValue value when value.GetValueKind() is JsonValueKind.True => true,
        var other => throw Wrong(name, other, "true, or absent"),
    };

    public DateTimeOffset Time(string name) => TimeOrNull(name) ?? throw Missing(name);

    public DateTimeOffset? TimeOrNull(string name) => TextOrNull(name) switch
    {
        null => null,
        var text when SignedTime.TryParse(text, out var time) => time,
        var text => throw Wrong(name, text, "a time like 2026-01-31T10:00:00.000Z"),
    };

    /// <summary>Hexadecimal digits in lower case, so many.</summary>
    public string Hex(string name, int digits) => HexOrNull(name, digits) ?? throw Missing(name);

    public string Sha256(string name) => Hex(name, Sha256Digits);

    public string? Sha256OrNull(string name) => HexOrNull(name, Sha256Digits);

    public T Choice<T>(string name)
        where T : struct, Enum => ChoiceOrNull<T>(name) ?? throw Missing(name);

    public T? ChoiceOrNull<T>(string name)
        where T : struct, Enum => TextOrNull(name) switch
        {
            null => null,
            var text when Enum.GetNames<T>().Contains(text) => Enum.Parse<T>(text),
            var text => throw Wrong(name, text, $"one of {string.Join(", ", Enum.GetNames<T>())}"),
        };

    public VerifyingKey Key(string name)
    {
        try
        {
            return VerifyingKey.FromBase64(Text(name));
        }
        catch (KeyRefusedException e)
        {
            throw new DigestException(DigestFault.Malformed, $"{path}{name}: {e.Message}", e);
        }
    }

    public T Object<T>(string name, Func<Members, T> read)
        where T : class => ObjectOrNull(name, read) ?? throw Missing(name);

    public T? ObjectOrNull<T>(string name, Func<Members, T> read)
        where T : class => Take(name) switch
        {
            null => null,
            JsonObject value => Whole(value, $"{path}{name}.", read),
            var other => throw Wrong(name, other, "an object"),
        };

    public IReadOnlyList<T> List<T>(string name, Func<Members, T> read) => Take(name) switch
    {
        null => throw Missing(name),
        JsonArray items => [.. items.Select((item, at) => item is JsonObject value
            ? Whole(value, string.Create(CultureInfo.InvariantCulture, $"{path}{name}[{at}]."), read)
            : throw Wrong($"{name}[{at}]", item, "an object"))],
        var other => throw Wrong(name, other, "an array"),
    };

    /// <summary>Makes sure that nothing is left.</summary>
    public void End()
    {
        if (minor <= SignedContent.NewestMinor && json.FirstOrDefault(member => !taken.Contains(member.Key)).Key is { } unknown)
        {
            throw new DigestException(DigestFault.Malformed, $"{path}{unknown} is not a member that its version has.");
        }
    }

    public DigestException Wrong(string name, object? found, string allowed) =>
        new(DigestFault.Malformed, $"{path}{name} is {(found as JsonNode)?.ToJsonString() ?? $"\"{found}\""}; allowed: {allowed}.");

    public DigestException Against(string name, string allowed) =>
        new(DigestFault.Malformed, $"{path}{name} is not as it must be: {allowed}.");

    string? HexOrNull(string name, int digits) => TextOrNull(name) switch
    {
        null => null,
        var text when text.Length == digits && text.All(char.IsAsciiHexDigitLower) => text,
        var text => throw Wrong(name, text, $"{digits} hexadecimal digits in lower case"),
    };

    T Whole<T>(JsonObject value, string at, Func<Members, T> read)
    {
        var members = new Members(value, at, minor);
        var result = read(members);
        members.End();
        return result;
    }

    JsonNode? Take(string name)
    {
        taken.Add(name);
        return json[name];
    }

    DigestException Missing(string name) => new(DigestFault.Malformed, $"{path}{name} is missing.");
}
