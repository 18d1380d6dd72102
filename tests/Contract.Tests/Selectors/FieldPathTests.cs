using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Tests.Selectors;

public sealed class FieldPathTests
{
    static readonly string[] Alphabet = ["a", "b", ".", "[", "]", "\"", "'", "*", "0", "1", "/", " ", "ä", "$", "-"];

    [Theory]
    [InlineData("verb", "verb")]
    [InlineData("$.verb", "verb")]
    [InlineData("user.groups[*]", "user", "groups", "*")]
    [InlineData("sourceIPs[0]", "sourceIPs", "0")]
    [InlineData("a[10].b[*].c", "a", "10", "b", "*", "c")]
    [InlineData("a[0][1]", "a", "0", "1")]
    [InlineData("annotations[\"authorization.k8s.io/decision\"]", "annotations", "=authorization.k8s.io/decision")]
    [InlineData("annotations['authorization.k8s.io/decision'].x", "annotations", "=authorization.k8s.io/decision", "x")]
    [InlineData("[\"user\"].username", "=user", "username")]
    [InlineData("$[\"user\"].username", "=user", "username")]
    [InlineData("a[\"*\"]", "a", "=*")]
    [InlineData("a[\"0\"]", "a", "=0")]
    [InlineData("a[\"it's\"]", "a", "=it's")]
    [InlineData("a['say \"x\"']", "a", "=say \"x\"")]
    [InlineData("a[\"]\"]", "a", "=]")]
    [InlineData("a[\"\"]", "a", "=")]
    [InlineData("requestObject.metadata.labels.app-name_1", "requestObject", "metadata", "labels", "app-name_1")]
    [InlineData("größe", "größe")]
    public void APathIsItsSteps(string text, params string[] expected)
    {
        var read = FieldPath.TryParse(text, out var path, out _);

        Assert.True(read);
        Assert.Equal(expected.Select(Step), path!.Steps);
    }

    [Theory]
    [InlineData("", "a name is expected at character 1")]
    [InlineData("$.", "a name is expected at character 3")]
    [InlineData(".a", "a name is expected at character 1")]
    [InlineData("a.", "a name is expected at character 3")]
    [InlineData("a..b", "a name is expected at character 3")]
    [InlineData("a.[0]", "a name is expected at character 3")]
    [InlineData("a]", "'.' or '[' is expected at character 2")]
    [InlineData("a\"b", "'.' or '[' is expected at character 2")]
    [InlineData("a[0]b", "'.' or '[' is expected at character 5")]
    [InlineData("a[0", "the bracket at character 2 is not closed")]
    [InlineData("a[", "the bracket at character 2 is not closed")]
    [InlineData("a[\"b", "the bracket at character 2 is not closed")]
    [InlineData("a[\"", "the bracket at character 2 is not closed")]
    [InlineData("a[\"]", "the bracket at character 2 is not closed")]
    [InlineData("a[\"b']", "the bracket at character 2 is not closed")]
    [InlineData("a[]", "'[]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[b]", "'[b]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[-1]", "'[-1]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[+1]", "'[+1]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[ 1 ]", "'[ 1 ]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[1.0]", "'[1.0]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[**]", "'[**]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    [InlineData("a[99999999999]", "'[99999999999]' is neither [*], nor [n] with n from 0, nor a quoted name")]
    public void AWrongPathIsToldWithThePlace(string text, string expected)
    {
        var read = FieldPath.TryParse(text, out var path, out var problem);

        Assert.False(read);
        Assert.Null(path);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void AnyStepsWrittenAsAPathComeBack()
    {
        var chance = new Random(1);
        for (var round = 0; round < 10_000; round++)
        {
            var steps = Enumerable.Range(0, chance.Next(1, 6)).Select(_ => AnyStep(chance)).ToArray();
            var text = string.Concat(steps.Select((step, at) => Write(step, at == 0, chance)));

            var read = FieldPath.TryParse(text, out var path, out var problem);

            Assert.True(read, $"{text}: {problem}");
            Assert.Equal(steps, path!.Steps);
        }
    }

    [Fact]
    public void AnyTextIsAPathOrAProblem()
    {
        var chance = new Random(2);
        for (var round = 0; round < 50_000; round++)
        {
            var text = string.Concat(chance.GetItems(Alphabet, chance.Next(0, 9)));

            var read = FieldPath.TryParse(text, out var path, out var problem);

            Assert.Equal(read, path is not null);
            Assert.Equal(read, problem is null);
            Assert.True(!read || path!.Steps.Count > 0);
        }
    }

    [Fact]
    public void ANameHasItsUtf8()
    {
        var name = new PathStep.Name("größe");

        Assert.Equal("größe"u8, name.Utf8);
        Assert.Equal(new PathStep.Name("größe"), name);
    }

    static PathStep Step(string text) => text switch
    {
        "*" => new PathStep.Any(),
        ['=', .. var name] => new PathStep.Name(name),
        _ when int.TryParse(text, null, out var index) => new PathStep.Item(index),
        _ => new PathStep.Name(text),
    };

    static PathStep AnyStep(Random chance) => chance.Next(3) switch
    {
        0 => new PathStep.Any(),
        1 => new PathStep.Item(chance.Next()),
        _ => new PathStep.Name(string.Concat(chance.GetItems(Alphabet.Except(["\"", "'"]).ToArray(), chance.Next(1, 6))).TrimStart('$')),
    };

    static string Write(PathStep step, bool isFirst, Random chance) => step switch
    {
        PathStep.Any => "[*]",
        PathStep.Item(var index) => $"[{index}]",
        PathStep.Name(var name) when name.Length == 0 || name.AsSpan().ContainsAny(".[]\"'") || chance.Next(2) == 0 =>
            chance.Next(2) == 0 ? $"[\"{name}\"]" : $"['{name}']",
        PathStep.Name(var name) => isFirst ? name : $".{name}",
        _ => throw new ArgumentException($"{step}", nameof(step)),
    };
}
