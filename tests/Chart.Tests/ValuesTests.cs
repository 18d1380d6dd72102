using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

public sealed class ValuesTests
{
    const string TableHead = "| value | default | meaning |\n| --- | --- | --- |\n";

    [Fact]
    public void EveryValueHasAComment()
    {
        Assert.All(ValuesFile.Read(), value => Assert.True(value.Comment.Length > 0, $"{value.Path} has no comment above it."));
    }

    [Fact]
    public void TheSchemaKnowsNoValueThatIsNotThere()
    {
        var values = ValuesFile.Read().Select(value => value.Path).ToList();

        var known = Properties("", ValuesFile.Schema()).Where(path => path != "global").ToList();

        Assert.All(known, path => Assert.Contains(values, value => IsWithin(value, path) || IsWithin(path, value)));
    }

    [Fact]
    public void TheSchemaLetsNothingUnknownThrough()
    {
        var maps = Objects("values", ValuesFile.Schema()).Where(o => o.Schema["type"] is JsonValue && o.Schema["properties"] is not null);

        Assert.All(maps, map => Assert.True(IsClosed(map.Schema), $"{map.Path} takes unknown fields."));
    }

    [Fact]
    public void TheReadmeHasEveryValue()
    {
        var readme = Path.Combine(Repository.Chart, "README.md");
        var table = TableHead + string.Concat(ValuesFile.Read().Select(value => value.Row + "\n"));
        var text = File.ReadAllText(readme);
        var start = text.IndexOf(TableHead, StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);

        Golden.Check(readme, text[..start] + table + text[(end + 1)..]);
    }

    [Fact]
    public void TheTrailHasTheFieldsOfATrail()
    {
        var definition = Yaml.Documents(File.ReadAllText(Repository.PathOf("crds", "trails.clustertrail.io.yaml"))).Single();
        var spec = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!.AsObject();

        var trail = ValuesFile.Schema()["properties"]!["trail"]!["properties"]!.AsObject();

        Assert.Equal(spec.Select(field => field.Key).Append("name").Order(), trail.Select(field => field.Key).Order());
    }

    [Fact]
    public void TheChartHasTheVersionOfThePrograms()
    {
        var chart = Yaml.Documents(File.ReadAllText(Path.Combine(Repository.Chart, "Chart.yaml"))).Single();
        var properties = System.Xml.Linq.XDocument.Load(Repository.PathOf("Directory.Build.props"));

        var version = properties.Descendants("Version").Single().Value;

        Assert.Equal(version, (string?)chart["appVersion"]);
        Assert.Equal(version, (string?)chart["version"]);
    }

    static bool IsWithin(string path, string other) => path == other || path.StartsWith(other + ".", StringComparison.Ordinal);

    static IEnumerable<string> Properties(string prefix, JsonObject schema) =>
        from property in schema["properties"]?.AsObject() ?? []
        let field = ValuesFile.Field(schema, property.Key)
        where field["deprecated"] is null // gone, and told of by the templates
        from path in (string[])[prefix + property.Key, .. Properties($"{prefix}{property.Key}.", field)]
        select path;

    static bool IsClosed(JsonObject schema) => schema["additionalProperties"] is JsonValue additional && !additional.GetValue<bool>();

    static IEnumerable<(string Path, JsonObject Schema)> Objects(string path, JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(child => Objects($"{path}.{child.Key}", child.Value)).Append((path, o)),
        JsonArray items => items.SelectMany(item => Objects(path, item)),
        _ => [],
    };
}
