namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>Takes one record, which is valid during the call.</summary>
delegate void KernelRecordHandler(ReadOnlySpan<byte> record);
