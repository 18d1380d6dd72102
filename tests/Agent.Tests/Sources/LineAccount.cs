using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Which lines were given out, which were kept by a checkpoint, and what gaps say about the others.</summary>
sealed partial class LineAccount
{
    readonly List<int> kept = [];
    readonly List<int> sinceCheckpoint = [];
    readonly HashSet<int> torn = [];
    readonly List<int> tornSinceCheckpoint = [];
    readonly HashSet<int> late = [];
    readonly Dictionary<int, HashSet<int>> lateIn = [];
    readonly HashSet<int> copied = [];
    readonly HashSet<int> excused = [];
    readonly List<(Position Start, int Number)> placesSinceCheckpoint = [];
    readonly Dictionary<FileId, SortedDictionary<long, int>> places = [];

    public List<Gap> Gaps { get; } = [];

    /// <summary>The numbers of the lines that stand whole in a text.</summary>
    public static IEnumerable<int> NumbersIn(string text) =>
        Line().Matches(text).Select(line => int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    public static bool IsEvent(string text) => Line().Match(text).Length == text.Length;

    public void Read(string text, Position start)
    {
        foreach (var number in NumbersIn(text))
        {
            // A power cut may leave a line that was read already in the midst of others' remains: it is no event there.
            if (IsEvent(text))
            {
                sinceCheckpoint.Add(number);
            }
            else
            {
                tornSinceCheckpoint.Add(number);
            }

            placesSinceCheckpoint.Add((start, number));
        }
    }

    public void Note(Gap gap) => Gaps.Add(gap);

    /// <summary>A checkpoint was saved.</summary>
    public void Keep()
    {
        kept.AddRange(sinceCheckpoint);
        torn.UnionWith(tornSinceCheckpoint);
        foreach (var (start, number) in placesSinceCheckpoint)
        {
            var inFile = places.TryGetValue(start.File, out var known) ? known : places[start.File] = [];
            inFile[start.Offset] = number;
        }

        sinceCheckpoint.Clear();
        tornSinceCheckpoint.Clear();
        placesSinceCheckpoint.Clear();
    }

    /// <summary>The process died, and with it what it held open and had not kept.</summary>
    public void Forget()
    {
        sinceCheckpoint.Clear();
        tornSinceCheckpoint.Clear();
        placesSinceCheckpoint.Clear();
        excused.UnionWith(late.Except(kept));
    }

    /// <summary>A line is written into a file that was rotated: only who holds that file knows of it.</summary>
    /// <param name="before">The lines that the file has.</param>
    public void NoteLate(int line, IEnumerable<int> before)
    {
        late.Add(line);
        lateIn[line] = [.. before];
    }

    /// <summary>Lines that a power cut took before anybody could be sure of them.</summary>
    public void Excuse(IEnumerable<int> lines) => excused.UnionWith(lines);

    /// <summary>Lines that somebody copied: a gap may reach over them, and they are read from elsewhere.</summary>
    public void NoteCopied(IEnumerable<int> lines) => copied.UnionWith(lines);

    /// <summary>Every line was kept once; one that is nowhere any more and was not kept is told of by a gap.</summary>
    public void Check(int written, IEnumerable<int> there)
    {
        var twice = kept.GroupBy(line => line).Where(line => line.Count() > 1).Select(line => line.Key).ToList();
        Assert.True(twice.Count == 0, $"twice: {string.Join(' ', twice.Take(5))}");
        var lost = there.Except(kept).Except(torn).ToList();
        Assert.True(lost.Count == 0, $"there, and not read: {string.Join(' ', lost.Take(5))}");

        var read = kept.Concat(torn).ToHashSet();
        var untold = Runs(Enumerable.Range(1, written).ToHashSet(), read.Concat(late).ToHashSet()).Where(run => !IsTold(run)).ToList();
        untold.AddRange(late.Except(read).Except(excused).Where(line => !IsLateTold(line)).Select(line => (line, line)));
        Assert.True(untold.Count == 0, $"gone without a gap: {string.Join(", ", untold)}\ngaps: {string.Join(", ", Gaps.Select(gap => $"{gap.File}:{gap.Offset} after line {LastBefore(gap)}"))}");
    }

    // Stretches of missing lines; what is excused belongs to its neighbours, and is none by itself. Late lines stand in other files.
    IEnumerable<(int From, int To)> Runs(HashSet<int> written, HashSet<int> read)
    {
        var from = 0;
        var isReal = false;
        for (var line = 1; line <= written.Count + 1; line++)
        {
            if (line <= written.Count && !read.Contains(line))
            {
                from = from == 0 ? line : from;
                isReal |= !excused.Contains(line);
                continue;
            }

            if (late.Contains(line))
            {
                continue;
            }

            if (from > 0 && isReal)
            {
                yield return (from, line - 1);
            }

            (from, isReal) = (0, false);
        }
    }

    // The gap stands in the file that the line was written into.
    bool IsLateTold(int line) => Gaps.Exists(gap => !IsPlaced(gap)
        || (LastBefore(gap) is { } last && lateIn[line].Contains(last))
        || lateIn[line].Any(other => firstLines.GetValueOrDefault(other) == gap.File));

    // A gap begins behind the last line read before it, or with the first line of a file that was never read.
    bool IsTold((int From, int To) run)
    {
        var from = run.From;
        while (late.Contains(from - 1))
        {
            from--;
        }

        if (copied.Count > 0)
        {
            // Of a gap that reaches over lines that were read from copies, only its beginning is known.
            from = 1;
        }

        return Gaps.Exists(gap =>
            !IsPlaced(gap)
            || (LastBefore(gap) is { } last && last >= from - 1 && last <= run.To)
            || Enumerable.Range(from, run.To - from + 1).Any(line => firstLines.GetValueOrDefault(line) == gap.File));
    }

    readonly Dictionary<int, string> firstLines = [];

    /// <summary>Notes a line as it was written: it may be the first of a file, and then tells the file's identity.</summary>
    public void NoteWritten(int number, string line) =>
        firstLines[number] = FileId.Of(SHA256.HashData(Encoding.UTF8.GetBytes(line))).ToString();

    // Of a file of which nothing was read, and that does not begin with a line of its own, nobody can say where it belongs.
    bool IsPlaced(Gap gap) => LastBefore(gap) is not null || firstLines.ContainsValue(gap.File);

    int? LastBefore(Gap gap) => places.TryGetValue(FileId.Parse(gap.File), out var inFile)
        ? inFile.Where(place => place.Key < gap.Offset && !late.Contains(place.Value)).Select(place => (int?)place.Value).LastOrDefault()
        : null;

    [GeneratedRegex("""\{"level":"Metadata","stage":"Panic","line":([0-9]+),"pad":"x*","stageTimestamp":"[-0-9T:.]+Z"\}""")]
    private static partial Regex Line();
}
