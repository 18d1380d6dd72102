using ClusterTrail.Trails.Api;
using static ClusterTrail.Trails.Validation.TrailProblems;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with a Trail's notifications that an agent cannot know of.</summary>
static class NotificationProblems
{
    public static IEnumerable<string> Of(TrailNotifications notifications)
    {
        if (notifications.Webhook is { CaBundle: not null } webhook && !webhook.Url.StartsWith("https://", StringComparison.Ordinal))
            yield return Wrong("spec.notifications.webhook.url", webhook.Url, "a URL that starts with https://, since caBundle is given");
    }
}
