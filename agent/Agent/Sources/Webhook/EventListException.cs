namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Why a request is not a list of audit events: a sentence for who sent it.</summary>
sealed class EventListException(string message) : Exception(message);
