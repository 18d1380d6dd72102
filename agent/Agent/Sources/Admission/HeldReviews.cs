using System.Globalization;
using System.Text;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Which reviews are answered and not on disk yet, and which are lost.</summary>
/// <remarks>
/// Guarantees, across SIGKILLs: what was taken is returned, or is a loss; each loss is given out until it is declared, under one key. So a
/// journal that knows keys has each once. Caveat: nothing is synced; a power cut may take it along. One thread at a time uses it.
/// </remarks>
sealed class HeldReviews : IDisposable
{
    readonly HeldFile file;
    readonly Stack<int> free = new();
    readonly Queue<UndeclaredLoss> left = new();

    /// <param name="isWritten">Whether the journal has a review.</param>
    /// <exception cref="IOException">The file cannot be used.</exception>
    public HeldReviews(string path, Func<GroupKey, bool> isWritten)
    {
        file = new(path);
        if (file.WasDamaged)
        {
            left.Enqueue(new(
                LossReason.Crash, new(0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow), KeyOf(file.NextGeneration()), []));
        }

        FindLeft(isWritten);
        // What the journal says already must not grow: under its key nothing more is written.
        for (var area = 0; area < HeldFile.Areas; area++)
        {
            if (file.ReadArea(area) is { Losses.Events: > 0, Generation: var generation } && isWritten(KeyOf(generation)))
                file.ClearArea(area);
        }
    }

    /// <summary>Whether there is a loss to be declared.</summary>
    public bool HasLoss => left.Count > 0 || file.ReadArea(0).Losses.Events > 0 || file.ReadArea(1).Losses.Events > 0;

    /// <summary>What an earlier run left, as far as no journal says it.</summary>
    public long Left => left.Sum(loss => loss.Losses.Events);

    /// <summary>Notes a review; false when all places are taken.</summary>
    public bool TryTake(GroupKey key, int bytes, DateTimeOffset at, out int place)
    {
        if (!free.TryPop(out place))
            return false;
        file.WritePlace(place, key, bytes, at);
        return true;
    }

    /// <summary>It is on disk.</summary>
    public void Return(int place)
    {
        file.ClearPlace(place);
        free.Push(place);
    }

    /// <summary>Notes a review that is lost for want of room.</summary>
    public void Lose(int bytes, DateTimeOffset at)
    {
        var (losses, generation) = file.ReadArea(file.Active);
        file.WriteArea(file.Active, losses.With(bytes, at), losses.Events == 0 ? file.NextGeneration() : generation);
    }

    /// <summary>A loss to be declared; null if there is none. Others may be noted until it is.</summary>
    public UndeclaredLoss? NextLoss()
    {
        if (left.TryPeek(out var earlier))
            return earlier;
        if (file.ReadArea(Other).Losses.Events == 0)
        {
            if (file.ReadArea(file.Active).Losses.Events == 0)
                return null;
            file.Active = Other;
        }

        var (losses, generation) = file.ReadArea(Other);
        return new(LossReason.QueueFull, losses, KeyOf(generation), []);
    }

    /// <summary>The journal says it.</summary>
    public void NoteDeclared(UndeclaredLoss loss)
    {
        if (loss.Reason == LossReason.QueueFull)
        {
            file.ClearArea(Other);
            return;
        }

        left.Dequeue();
        foreach (var place in loss.Places)
            Return(place);
    }

    public void Dispose() => file.Dispose();

    int Other => HeldFile.Areas - 1 - file.Active;

    GroupKey KeyOf(long generation) => GroupKey.Of(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"lost {file.Id} {generation}")));

    void FindLeft(Func<GroupKey, bool> isWritten)
    {
        var found = new SortedDictionary<long, List<int>>();
        for (var place = HeldFile.Places - 1; place >= 0; place--)
        {
            var generation = file.GenerationOf(place);
            if (!file.IsTaken(place))
                free.Push(place);
            else if (generation == 0 && isWritten(file.ReadPlace(place).Key))
                Return(place);
            else if (found.TryGetValue(generation, out var same))
                same.Add(place);
            else
                found[generation] = [place];
        }

        // What an earlier start began to declare keeps its key; the rest gets one.
        if (found.Remove(0, out var fresh))
        {
            var generation = file.NextGeneration();
            foreach (var place in fresh)
                file.SetGeneration(place, generation);
            found[generation] = fresh;
        }

        foreach (var (generation, places) in found)
            left.Enqueue(new(LossReason.Crash, places.Aggregate(new Losses(), With), KeyOf(generation), places));
    }

    Losses With(Losses losses, int place)
    {
        var (_, bytes, at) = file.ReadPlace(place);
        return losses.With(bytes, at);
    }
}
