namespace ClusterTrail.Rules.Events;

/// <summary>A key and its value in an indexed text.</summary>
readonly ref struct JsonMember(ReadOnlySpan<byte> json, JsonIndex index, int key)
{
    readonly ReadOnlySpan<byte> json = json;

    /// <summary>The key's token.</summary>
    public int Key => key;

    /// <summary>The value's token.</summary>
    public int Value => key + 2;

    /// <summary>The key as it is written, with its escapes.</summary>
    public ReadOnlySpan<byte> Name => JsonText.Between(json, index.Position(key), index.Position(key + 1));

    /// <summary>The value when it is a string, a number or a literal, as it is written without its quotes; else nothing.</summary>
    public ReadOnlySpan<byte> Text => JsonText.At(json, index, Value);
}
