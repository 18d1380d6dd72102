using YamlDotNet.RepresentationModel;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>A part of a kubeconfig, which knows its path and names it if something is wrong.</summary>
/// <param name="place">The file and the fields down to here, such as <c>config: users[admin].user</c>.</param>
sealed class YamlSection(YamlMappingNode node, string file, string place)
{
    /// <summary>The folder of the file: paths in it are relative to that.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(file))!;

    public YamlNode Node => node;

    public bool Has(string field) => Find(field) is not null;

    public string? Text(string field) => Find(field) switch
    {
        null => null,
        YamlScalarNode scalar => string.IsNullOrEmpty(scalar.Value) ? null : scalar.Value,
        _ => throw Wrong(field, "must be a text"),
    };

    public string Required(string field) => Text(field) ?? throw Wrong(field, "is missing");

    public bool Flag(string field) => Text(field) switch
    {
        null or "false" or "False" or "FALSE" => false,
        "true" or "True" or "TRUE" => true,
        _ => throw Wrong(field, "must be true or false"),
    };

    public YamlSection? Section(string field) => Find(field) switch
    {
        null => null,
        YamlMappingNode mapping => new(mapping, file, Below(field)),
        _ => throw Wrong(field, "must be a mapping"),
    };

    public IReadOnlyList<string> Texts(string field) => Find(field) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Select(item => (item as YamlScalarNode)?.Value ?? throw Wrong(field, "must be a list of texts"))],
        _ => throw Wrong(field, "must be a list of texts"),
    };

    /// <summary>The elements of a list, each a mapping with a name.</summary>
    public IEnumerable<(string Name, YamlSection Section)> Named(string field) => Find(field) switch
    {
        null => [],
        YamlSequenceNode list => list.Select((item, index) => NamedItem(field, item, index)),
        _ => throw Wrong(field, "must be a list"),
    };

    /// <summary>The value of a field in base64, or of a file that another field names.</summary>
    public byte[]? Bytes(string dataField, string pathField) =>
        Text(dataField) is { } data ? Decode(dataField, data)
        : Text(pathField) is { } path ? ReadFile(pathField, path)
        : null;

    public string PathOf(string path) => Path.GetFullPath(path, Folder);

    public ConnectionException Wrong(string field, string problem, Exception? inner = null) => new($"{Below(field)} {problem}.", inner);

    byte[] Decode(string field, string data)
    {
        try
        {
            return Convert.FromBase64String(data);
        }
        catch (FormatException e)
        {
            throw Wrong(field, "is not base64", e);
        }
    }

    byte[] ReadFile(string field, string path)
    {
        try
        {
            return File.ReadAllBytes(PathOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(field, $"names {PathOf(path)}, which cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    (string Name, YamlSection Section) NamedItem(string field, YamlNode item, int index)
    {
        if (item is not YamlMappingNode mapping)
            throw Wrong($"{field}[{index}]", "must be a mapping");
        var name = new YamlSection(mapping, file, Below($"{field}[{index}]")).Required("name");
        return (name, new(mapping, file, Below($"{field}[{name}]")));
    }

    // An empty value is as good as none, as it is to kubectl.
    YamlNode? Find(string field) =>
        node.Children.TryGetValue(new YamlScalarNode(field), out var value)
            && value is not YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "null" or "~" }
            ? value
            : null;

    string Below(string field) => place.EndsWith(": ", StringComparison.Ordinal) ? place + field : $"{place}.{field}";
}
