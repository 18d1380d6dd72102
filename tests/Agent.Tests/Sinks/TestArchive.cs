using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Tests.Sinks.S3;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

/// <summary>A sink of any kind, and how to look behind it.</summary>
sealed record TestArchive(
    ISink Sink, Func<string, Task<byte[]>> ReadAsync, Func<Task<string[]>> NamesAsync, IDisposable? Owned) : IDisposable
{
    public static async Task<TestArchive> CreateAsync(string kind, S3Fixture s3) => kind switch
    {
        "Directory" => OfDirectory(new TemporaryFolder()),
        "S3" => OfBucket(await TestBucket.CreateAsync(s3)),
        _ => OfMemory(new InMemorySink()),
    };

    public void Dispose() => Owned?.Dispose();

    static TestArchive OfDirectory(TemporaryFolder folder) => new(
        SinkFactory.Create(new() { Type = SinkType.Directory, Directory = new() { Path = folder.Path } }, TimeProvider.System),
        name => File.ReadAllBytesAsync(folder.Join(name)),
        () => Task.FromResult(Directory
            .GetFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(folder.Path, file))
            .ToArray()),
        folder);

    static TestArchive OfBucket(TestBucket bucket) => new(bucket.Sink(), bucket.ReadAsync, bucket.KeysAsync, bucket);

    static TestArchive OfMemory(InMemorySink sink) => new(
        sink, name => Task.FromResult(sink.Objects[name]), () => Task.FromResult(sink.Objects.Keys.ToArray()), Owned: null);
}
