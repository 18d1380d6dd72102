using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Contract;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent;

/// <summary>Makes the sink that a configuration asks for.</summary>
static class SinkFactory
{
    /// <exception cref="ArgumentException">The configuration lacks the section of its type; the message names it.</exception>
    /// <exception cref="SinkException">The sink cannot work as configured: no region, an unreadable CA file.</exception>
    public static ISink Create(SinkConfiguration configuration, TimeProvider time, ILogger? logger = null) => configuration switch
    {
        { Type: SinkType.Directory, Directory: { } directory } => new DirectorySink(directory.Path),
        { Type: SinkType.S3, S3: { } s3 } => new S3Sink(s3, S3Client.Create(s3, time, logger ?? NullLogger.Instance), time),
        { Type: SinkType.Directory } => throw new ArgumentException("sink.directory is missing, and sink.type is Directory."),
        { Type: SinkType.S3 } => throw new ArgumentException("sink.s3 is missing, and sink.type is S3."),
        _ => throw new ArgumentException($"sink.type {configuration.Type} is none of Directory, S3."),
    };
}
