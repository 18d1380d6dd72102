namespace ClusterTrail.Contract.Reading;

/// <summary>A field that the type had, and what to write instead: whoever still writes it gets an answer.</summary>
/// <param name="name">As it was written.</param>
/// <param name="text">Continues the sentence that begins with the field.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
sealed class RemovedFieldAttribute(string name, string text) : Attribute
{
    public string Name => name;

    public string Text => text;
}
