using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>The logs of one container.</summary>
sealed class ContainerFolder(
    PodLogFolder root, string pod, string container, ContainerIdentity identity, ReadStates states, TimeProvider time) : IDisposable
{
    const int HeadBytes = 1024;

    // Within a clock tick of the file system a change does not show in the folder's time.
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    readonly List<ContainerFile> files = [];
    long? listed;
    long changedAt;

    public ContainerIdentity Identity => identity;

    public string Pod => pod;

    public string Container => container;

    public IReadOnlyList<ContainerFile> Files => files;

    /// <summary>Whether a rule is for it. If none is, nothing of it is read.</summary>
    public bool IsAsked => identity.Rules.Count > 0;

    /// <summary>Deleted logs that are not read to their end.</summary>
    public IEnumerable<ContainerFile> Held => files.Where(file => file.IsHeld);

    public bool IsEmpty => files.Count == 0;

    public string? Trouble => files.Select(file => file.Trouble).OfType<string>().FirstOrDefault();

    /// <summary>Looks at what there is, opens what is new and closes what is read.</summary>
    /// <param name="mayHold">Whether logs that are read may stay open.</param>
    public void Look(bool isThere, bool mayHold)
    {
        var change = isThere ? root.ChangeOf(pod, container) : null;
        if (change != listed)
        {
            (listed, changedAt) = (change, time.GetTimestamp());
            List(change is not null);
        }
        else if (time.GetElapsedTime(changedAt) < Settling)
        {
            List(change is not null);
        }

        foreach (var file in files.ToArray())
        {
            LookAt(file, mayHold);
        }
    }

    /// <summary>The oldest log that has something to read; null when none has.</summary>
    public ContainerFile? Next() => files.Find(file => CanRead(file));

    /// <summary>Closes a deleted log unread: a gap, unless its text is in another file too.</summary>
    public void GiveUp(ContainerFile file)
    {
        if (IsAsked && file.State is null)
        {
            Identify(file);
            file.Look();
        }

        if (file.State is { } state && state.Holder == file)
        {
            state.IsGivenUp = !file.IsAtEnd || state.ReadFrom < state.Offset;
        }

        file.Dispose();
        files.Remove(file);
    }

    /// <summary>Closes the logs.</summary>
    /// <param name="butDeleted">Whether deleted ones that are not read stay open: they cannot be opened again.</param>
    public void CloseAll(bool butDeleted)
    {
        foreach (var file in files.Where(file => !(butDeleted && file.IsHeld)))
        {
            file.Dispose();
        }

        files.RemoveAll(file => file.Text is null);
        listed = null;
    }

    public void Dispose() => files.ForEach(file => file.Dispose());

    bool CanRead(ContainerFile file)
    {
        if (!IsAsked || file.Text is null || file.IsDone || file.Trouble is not null)
        {
            return false;
        }

        if (file.State is null || file.State.Holder is null)
        {
            Identify(file);
        }

        return file.State?.Holder == file && (!file.IsAtEnd || file.IsSettled);
    }

    // Which log it is, once it has a line: renaming and compressing do not change that.
    void Identify(ContainerFile file)
    {
        try
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            head = head[..FileBytes.Fill(file.Text!, head, 0)];
            var line = head.IndexOf((byte)'\n');
            if (line < 0 && head.Length < HeadBytes && !(file.IsSettled && head.Length > 0))
            {
                file.IsDone = file.IsSettled;
                return;
            }

            head = line < 0 ? head : head[..line];
            var path = $"{pod}/{container}/{file.Name.Restart}";
            var id = FileId.Of(SHA256.HashData([.. Encoding.UTF8.GetBytes(path), 0, .. head]));
            var state = states.Of(path, id);
            if (state.Holder is null)
            {
                file.Take(state);
            }
        }
        catch (InvalidDataException e)
        {
            // Not even how it begins: it is known by its name.
            var path = $"{pod}/{container}/{Name(file)}";
            file.Take(states.Of(path, FileId.Of(SHA256.HashData(Encoding.UTF8.GetBytes(path)))));
            states.NoteDamage(file.State!, e.Message);
            file.IsDone = true;
        }
        catch (IOException e)
        {
            file.Trouble = $"{Path(file)}: {e.Message}";
        }
    }

    void LookAt(ContainerFile file, bool mayHold)
    {
        file.Trouble = null;
        if (file.Text is null && !file.IsGone && !file.IsDone)
        {
            TryOpen(file);
        }

        if (!file.Look())
        {
            states.Cut(file.State!);
            file.StartOver();
        }

        var isRead = file.IsDone || (file.IsAtEnd && !mayHold && !file.IsRetired);
        if (file.Text is not null && isRead)
        {
            file.Dispose();
        }

        if (file.IsGone && file.Text is null)
        {
            files.Remove(file);
        }
        else if (!file.IsGone && file is { Text: null, Name.IsCompressed: false, State: { } state })
        {
            // Closed, and perhaps written to since.
            file.IsDone = root.Status(pod, container, Name(file)) is not { } now || now.Size <= state.Offset;
            file.IsDone &= file.State.Holder is null;
        }
    }

    void TryOpen(ContainerFile file)
    {
        try
        {
            var opened = root.Open(pod, container, Name(file));
            if (opened is null)
            {
                return;
            }

            if (opened.Number != file.Number)
            {
                opened.Dispose();
                listed = null;
                return;
            }

            file.Open(opened);
        }
        catch (IOException e)
        {
            file.Trouble = e.Message;
        }
    }

    void List(bool isThere)
    {
        var seen = new List<ContainerFile>();
        foreach (var name in isThere ? root.ListLogs(pod, container) : [])
        {
            if (PodLogNames.ParseLog(name) is { } parsed && root.Status(pod, container, name) is { } status)
            {
                seen.Add(Find(parsed, status.Number));
            }
        }

        foreach (var file in files.Except(seen))
        {
            file.Lose();
        }

        files.Sort((one, other) => one.Name.CompareTo(other.Name));
    }

    ContainerFile Find(LogName name, FileNumber number)
    {
        // A log that was rotated does not come back: a live one with its number has it of a log that was removed.
        var file = files.Find(file => file.Number == number && !file.IsGone && (file.Name.IsLive || !name.IsLive)
            && (file.Name.Restart, file.Name.IsCompressed) == (name.Restart, name.IsCompressed));
        if (file is null)
        {
            files.Add(file = new(number, name, time));
        }

        file.Rename(name);
        return file;
    }

    string Path(ContainerFile file) => $"{root.Path}/{pod}/{container}/{Name(file)}";

    static string Name(ContainerFile file) =>
        $"{file.Name.Restart}.log{(file.Name.IsLive ? "" : $".{file.Name.RotatedAt}")}{(file.Name.IsCompressed ? ".gz" : "")}";
}
