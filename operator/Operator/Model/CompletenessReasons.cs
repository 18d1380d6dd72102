namespace ClusterTrail.Operator.Model;

/// <summary>Why events may be missing, in one word each.</summary>
static class CompletenessReasons
{
    /// <summary>API servers dropped what they could not send.</summary>
    public const string WebhookOverflow = "WebhookOverflow";

    /// <summary>They could not write to their logs.</summary>
    public const string LogNotWritten = "LogNotWritten";

    /// <summary>Files disappeared before they were read.</summary>
    public const string RotatedAway = "RotatedAway";

    /// <summary>Events went somewhere else.</summary>
    public const string AnotherLog = "AnotherLog";

    /// <summary>More was read than these API servers made.</summary>
    public const string AnotherWriter = "AnotherWriter";
}
