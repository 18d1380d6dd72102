using Xunit.v3;

namespace ClusterTrail.Fixtures;

/// <summary>Marks tests that need real parts, of <see cref="Requires"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequiresAttribute(params string[] parts) : Attribute, ITraitAttribute
{
    const string Trait = "Requires";

    public IReadOnlyCollection<string> Parts => parts;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. parts.Select(part => KeyValuePair.Create(Trait, part))];
}
