using System.Runtime.InteropServices;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>The kernel cannot, or will not, say what processes do.</summary>
sealed class KernelException : Exception
{
    public KernelException(string message)
        : base(message)
    {
    }

    public KernelException(string message, int error, string detail = "")
        : base($"{message}: {Marshal.GetPInvokeErrorMessage(error)}{(detail.Length > 0 ? $" ({detail})" : "")}") =>
        IsDenied = error is Bpf.PermissionDenied or AccessDenied;

    const int AccessDenied = 13;

    /// <summary>Whether a capability is missing.</summary>
    public bool IsDenied { get; }
}
