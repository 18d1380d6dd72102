using System.Globalization;
using System.Text;

namespace ClusterTrail.Rules.Events;

/// <summary>The objects and arrays that an event is being read in, and which of them are kept.</summary>
sealed class ReducedPath
{
    const int MaxPointer = 256;

    Level[] levels = new Level[64];

    public int Depth { get; private set; }

    /// <summary>Whether what is in the innermost one may be kept.</summary>
    public bool IsKept => Depth > 0 && levels[Depth - 1].IsKept;

    public bool IsInObject => Depth > 0 && levels[Depth - 1].IsObject;

    /// <summary>How many members or items the innermost one had so far.</summary>
    public int Items => levels[Depth - 1].Items;

    /// <summary>Whether the member that is being read is kept, and its value.</summary>
    public bool KeepsMember { get; set; }

    /// <summary>Whether the string or scalar that is being read is kept.</summary>
    public bool KeepsValue { get; set; }

    /// <summary>Where the string that is being read starts in what is kept.</summary>
    public int Value { get; private set; }

    /// <summary>Whether anything was nested too deep to be kept.</summary>
    public bool WasTooDeep { get; private set; }

    public void Clear() => (Depth, WasTooDeep) = (0, false);

    /// <param name="position">Where it starts in what is kept.</param>
    /// <param name="start">Where it starts in the line.</param>
    /// <param name="isReplaced">Whether something stands for it, because it is nested too deep.</param>
    public void Push(bool isObject, int position, long start, bool isKept, bool isReplaced)
    {
        if (Depth == levels.Length)
        {
            Array.Resize(ref levels, levels.Length * 2);
        }

        WasTooDeep |= isReplaced;
        levels[Depth++] = new() { IsObject = isObject, Position = position, Start = start, IsKept = isKept, IsCut = isReplaced };
    }

    public Level Pop() => levels[--Depth];

    /// <summary>Notes that something of the innermost one is not kept.</summary>
    public void Cut() => levels[Depth - 1].IsCut = true;

    public void NextItem() => levels[Depth - 1].Items++;

    /// <summary>Whether anything was kept of the innermost one so far; something is from now on.</summary>
    public bool TakeHasKept()
    {
        var had = levels[Depth - 1].HasKept;
        levels[Depth - 1].HasKept = true;
        return had;
    }

    public void KeyAt(int position) => levels[Depth - 1].KeyStart = position;

    public void KeyEnds(int position) => levels[Depth - 1].KeyEnd = position - 1;

    public void ValueAt(int position) => Value = position;

    /// <summary>The key of the member that is being read, as it is kept.</summary>
    public ReadOnlySpan<byte> Key(ReadOnlySpan<byte> text) => text[levels[Depth - 1].KeyStart..levels[Depth - 1].KeyEnd];

    /// <summary>Names the member or item that is being read (RFC 6901).</summary>
    public string Describe(ReadOnlySpan<byte> text)
    {
        var pointer = new StringBuilder();
        for (var at = 0; at < Depth && pointer.Length <= MaxPointer; at++)
        {
            ref var level = ref levels[at];
            pointer.Append('/');
            if (!level.IsObject)
            {
                pointer.Append(CultureInfo.InvariantCulture, $"{level.Items - 1}");
                continue;
            }

            var written = text[level.KeyStart..level.KeyEnd];
            var key = new byte[written.Length];
            var name = Encoding.UTF8.GetString(key.AsSpan(0, JsonEscapes.Unescape(written, key)));
            pointer.Append(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return pointer.Length <= MaxPointer ? pointer.ToString() : $"{pointer.ToString(0, MaxPointer)}…";
    }

    /// <summary>An object or array.</summary>
    public struct Level
    {
        public bool IsObject;
        public int Position;
        public long Start;
        public bool IsKept;
        public bool IsCut;
        public bool HasKept;
        public int Items;
        public int KeyStart;
        public int KeyEnd;
    }
}
