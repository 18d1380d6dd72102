using System.Security.Authentication;

namespace ClusterTrail.Agent.Sinks;

/// <summary>A server showed a certificate that is not good; the message says why, and what to do.</summary>
sealed class UntrustedServerException(string message) : AuthenticationException(message);
