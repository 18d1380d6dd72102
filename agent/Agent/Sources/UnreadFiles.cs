using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>The files beside a log that are not read: each is reported once, and what was in it is not forgotten.</summary>
sealed class UnreadFiles(
    LogFileConfiguration configuration, FileLedger ledger, Contents contents, Sightings sightings, FollowerReport report)
{
    bool hasReportedForeign;

    /// <summary>What people should know of them; null while there are none.</summary>
    public string? Notice
    {
        get
        {
            var left = contents.All.Where(content => content.Reason is not null).ToList();
            return left.Count switch
            {
                0 => null,
                1 => left[0].Reason,
                _ => $"{left[0].Reason} {left.Count - 1} more files are not read; the agent's log names each.",
            };
        }
    }

    /// <summary>Which file cannot be read, and why; null while all can.</summary>
    public string? Trouble
    {
        get
        {
            var troubles = contents.All.Select(content => content.Trouble.Message).OfType<string>().Concat(contents.Troubles).ToList();
            return troubles.Count < 2 ? troubles.FirstOrDefault() : $"{troubles[0]} {troubles.Count - 1} more files cannot be read.";
        }
    }

    public void Leave(Content content, string reason)
    {
        content.State = ContentState.Unread;
        content.Reason = reason;
        report.Unread(reason);
        if (content.Seen is { Mark: null })
        {
            sightings.Forget(content);
        }
    }

    /// <summary>A name such as audit-webhook.log: another log, with rotated files of its own, so one is reported for all.</summary>
    public void LeaveForeign(Content content)
    {
        content.State = ContentState.Unread;
        if (!hasReportedForeign)
        {
            hasReportedForeign = true;
            report.Unread($"{content.Path} is taken for another log than {configuration.Path}, and not read, as are others of this kind. "
                + "If they are its rotated files, set sources[].logFile.rotatedPattern to their names.");
        }
    }

    /// <exception cref="IOException">It has the live name.</exception>
    public void LeaveSpecial(Content content)
    {
        if (!content.IsLive)
        {
            Leave(content, $"{content.Path} is named like a rotated log and is no regular file: it is not read.");
            return;
        }

        var what = content.Status.Kind == FileKind.Folder ? "a folder" : "no regular file";
        throw new IOException($"{content.Path} is {what}, and must be the log's file. Correct sources[].logFile.path.");
    }

    public void NoteTrouble(Content content, string message)
    {
        content.Trouble.Met(message);
        report.ReadFailed(message);
    }

    /// <summary>A compression that the agent cannot read: a gap, unless the plain file was read.</summary>
    public void LeaveUnsupported(Content content, bool isSkipped) =>
        LeaveLost(content, isSkipped || WasRead(content), "Unsupported", content.Format!.Describe(content.Path));

    // Nobody can say what was in it; unless the plain file is there.
    public void LeaveDamaged(Content content, bool isSkipped)
    {
        if (contents.All.Any(other => other.Name?.Name == content.PlainName))
        {
            content.State = ContentState.Unread;
            return;
        }

        LeaveLost(content, isSkipped || HasReadName(content), "Damaged", $"{content.Path} is damaged: nothing of it can be decompressed.");
    }

    void LeaveLost(Content content, bool isKnown, string kind, string reason)
    {
        isKnown |= sightings.MarkedAs(content, SightingMark.Told) is not null;
        var file = sightings.Mark(content, SightingMark.Told);
        content.State = ContentState.Unread;
        if (!isKnown)
        {
            Leave(content, reason);
            ledger.AddGap(file, 0, null, kind, reason);
        }
    }

    // Compressions keep the time of the last change; names may have been counted up meanwhile.
    bool WasRead(Content content) => HasReadName(content) || IsAnyRead(file => file.Modified == content.Status.Modified);

    bool HasReadName(Content content) => content.Name is { Number: null } && IsAnyRead(file => file.Name == content.PlainName);

    bool IsAnyRead(Func<LedgerFile, bool> isSought)
    {
        var expected = sightings.Expected();
        return ledger.All.Any(file => isSought(file) && !expected.Contains(file.Id));
    }
}
