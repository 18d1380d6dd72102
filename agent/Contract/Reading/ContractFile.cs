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
            throw new ConfigurationException($"{file}: {path} cannot be read: {e.Message}", e);
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
            throw new ConfigurationException($"{file}: not YAML: {e.Message}", e);
        }
    }

    public static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    static JsonDocument ParseDocument(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            return JsonDocument.Parse(json, options);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"{file}: not JSON, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message}", e);
        }
    }
}
