using System.Text;
using System.Text.Json;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Contract.Reading;

/// <summary>Reads a file of the contract, and turns what the JSON reader says into sentences for people.</summary>
static class ContractFile
{
    public static T Parse<T>(string file, ReadOnlyMemory<byte> json)
        where T : class
    {
        using var document = ParseDocument(file, json);
        var problems = new Problems();
        ContractShape.Check(document.RootElement, ContractJson.Options.GetTypeInfo(typeof(T)), "", problems);
        problems.ThrowIfAny(file);
        try
        {
            return document.Deserialize<T>(ContractJson.Options)!;
        }
        catch (JsonException e)
        {
            var path = e.Path?.Replace("$.", "", StringComparison.Ordinal);
            throw new ConfigurationException($"{file}: {path} cannot be read: {Problems.OneLine(e.Message)}", e);
        }
    }

    public static T ParseYaml<T>(string file, string yaml)
        where T : class =>
        ParseYamlDocuments<T>(file, yaml) is [var document]
            ? document
            : throw new ConfigurationException($"{file}: is not one YAML document; allowed: one.");

    public static IReadOnlyList<T> ParseYamlDocuments<T>(string file, string yaml)
        where T : class
    {
        try
        {
            return [.. YamlText.Read(yaml).Select(document => Parse<T>(file, Encoding.UTF8.GetBytes(document.ToJsonString())))];
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{file}: not YAML: {Problems.OneLine(e.Message)}", e);
        }
    }

    public static byte[] ReadAll(string path)
    {
        try
        {
            return RegularFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    static JsonDocument ParseDocument(string file, ReadOnlyMemory<byte> json)
    {
        var text = Utf8Text.WithoutMark(json);
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var document = JsonDocument.Parse(text, options);
            EnsureUnicode(file, text.Span);
            return document;
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(
                $"{file}: not JSON, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {Problems.OneLine(Reason(e))}", e);
        }
    }

    // The parser repeats the place at the end, counted from 0.
    static string Reason(JsonException e) => e.Message.Split(" LineNumber: ", 2)[0];

    // The parser takes any bytes and any \u escape in a string; only whoever asks for the string would hear of it.
    static void EnsureUnicode(string file, ReadOnlySpan<byte> json)
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var reader = new Utf8JsonReader(json, options);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsUnicode(ref reader))
            {
                var before = json[..(int)reader.TokenStartIndex];
                throw new ConfigurationException(
                    $"{file}: not JSON, line {before.Count((byte)'\n') + 1}, byte {before.Length - before.LastIndexOf((byte)'\n')}: "
                    + "a string is not valid UTF-8, or has one half of a surrogate pair.");
            }
        }
    }

    static bool IsUnicode(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
