using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Verification.Heads;

/// <summary>
/// The heads of chains in JSON: the member <c>heads</c> of an object, as the report of a verification also has it. A member
/// <c>sealed</c> has digests that agents have sealed, and that may not have arrived.
/// </summary>
public static class HeadsFile
{
    /// <exception cref="InvalidDataException">It is no such file; the message names the member.</exception>
    public static IReadOnlyList<KnownHead> Read(ReadOnlySpan<byte> json, string origin)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, HeadsJson.Default.HeadsDocument);
            return file?.Heads is { } heads
                ?
                [
                    .. heads.Select((head, at) => Known(head, $"heads[{at}]", origin)),
                    .. (file.Sealed ?? []).Select((head, at) => Known(head, $"sealed[{at}]", origin) with
                    {
                        WaitingSince = head!.WaitingSince ?? throw new InvalidDataException($"sealed[{at}].waitingSince is missing"),
                    }),
                ]
                : throw new InvalidDataException("it has no member \"heads\"");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"it is not JSON as it must be: {e.Message}", e);
        }
    }

    static KnownHead Known(HeadDocument? head, string at, string origin)
    {
        if (head is null)
            throw new InvalidDataException($"{at} is null");
        string Text(string? value, string name) =>
            value is { Length: > 0 } ? value : throw new InvalidDataException($"{at}.{name} is missing");
        string Hex(string? value, string name, int digits) =>
            Text(value, name) is var text && text.Length == digits && text.All(char.IsAsciiHexDigitLower)
                ? text
                : throw new InvalidDataException($"{at}.{name} is \"{value}\"; allowed: {digits} hexadecimal digits in lower case");
        return new(
            new(Text(head.Cluster, "cluster"), Text(head.Trail, "trail"), Text(head.Node, "node")),
            Text(head.Chain, "chain"),
            new(
                Hex(head.ChainId, "chainId", Digest.ChainIdDigits),
                head.Sequence > 0
                    ? head.Sequence
                    : throw new InvalidDataException($"{at}.sequence is {head.Sequence}; allowed: an integer from 1 on"),
                Hex(head.Sha256, "sha256", 64)),
            origin);
    }
}

/// <summary>The file as it is written.</summary>
sealed record HeadsDocument(IReadOnlyList<HeadDocument?>? Heads, IReadOnlyList<HeadDocument?>? Sealed);

/// <summary>A head as it is written; other members, such as times, are for people.</summary>
sealed record HeadDocument(string? Cluster, string? Trail, string? Node, string? Chain, string? ChainId, long Sequence, string? Sha256)
{
    public DateTimeOffset? WaitingSince { get; init; }
}

[JsonSerializable(typeof(HeadsDocument))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class HeadsJson : JsonSerializerContext;
