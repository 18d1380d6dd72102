namespace ClusterTrail.Rules.Events;

/// <summary>The tokens of an array's items in an indexed text; of anything else, none.</summary>
ref struct JsonItems(ReadOnlySpan<byte> json, JsonIndex index, int token)
{
    readonly ReadOnlySpan<byte> json = json;
    readonly int end = json[index.Position(token)] == (byte)'[' ? index.Closing(token) : 0;
    int next = token + 1;

    public int Current { get; private set; }

    public readonly JsonItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (next >= end)
        {
            return false;
        }

        Current = next;
        next = index.After(json, next) + 1;
        return true;
    }
}
