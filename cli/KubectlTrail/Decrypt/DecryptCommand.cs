using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Decrypt;

/// <summary><c>kubectl trail decrypt</c>: from an encrypted object to its compressed records.</summary>
static class DecryptCommand
{
    internal const string Examples = """
        Examples:
          kubectl trail decrypt batch.ndjson.zst.cms --key auditor.key.pem -o batch.ndjson.zst
          kubectl trail decrypt batch.ndjson.zst.cms --key auditor.key.pem | zstd -dc | jq .

          # The same without ClusterTrail
          openssl cms -decrypt -binary -inform DER -in batch.ndjson.zst.cms -inkey auditor.key.pem | zstd -dc | jq .
        """;

    static readonly Argument<string> Input = new("FILE") { Description = "An encrypted object (.ndjson.zst.cms or .ndjson.gz.cms)." };

    static readonly Option<string?> Key = new("--key") { Description = "The private key that opens it, in PEM.", HelpName = "FILE" };

    static readonly Option<string?> Out = new("--out", "-o")
    {
        Description = "The output file. An existing file is overwritten. The default is standard output, unless that is a terminal.",
        HelpName = "OUT",
    };

    internal static Command Build()
    {
        var command = new Command("decrypt", "Decrypts an object and writes the zstd or gzip file that it contains.") { Input, Key, Out };
        KmsOptions.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await RunAsync(arguments, arguments.GetRequiredValue(Input), arguments.GetValue(Out), cancellationToken);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static async Task RunAsync(ParseResult arguments, string input, string? output, CancellationToken cancellationToken)
    {
        var terminal = Terminal.Of(arguments);
        if (output is null && terminal.OutputIsTerminal)
            throw new TrailException(
                ExitCode.BadUsage, "Compressed records cannot be written to a terminal; give a file with -o, or use kubectl trail cat.");
        if (output is not null && Path.GetFullPath(output) == Path.GetFullPath(input))
            throw new TrailException(ExitCode.BadUsage, "-o names the encrypted object itself; give another file.");

        if (Directory.Exists(input))
            throw new TrailException(ExitCode.BadUsage, $"{input} is a folder; give one object, or use kubectl trail cat.");

        using var opener = KmsOptions.Opener(arguments, arguments.GetValue(Key));
        using var stored = Open(input);
        await WriteAsync(opener.Open(input, stored), output, terminal, cancellationToken);
    }

    static ObjectStream Open(string input)
    {
        try
        {
            return LocalFile.Open(input);
        }
        catch (TrailException e)
        {
            throw new TrailException(ExitCode.BadUsage, e.Message, e);
        }
    }

    static async Task WriteAsync(ReadOnlyMemory<byte> body, string? output, Terminal terminal, CancellationToken cancellationToken)
    {
        if (output is null)
        {
            terminal.Output.Write(body.Span);
            terminal.Output.Flush();
            return;
        }

        try
        {
            await File.WriteAllBytesAsync(output, body, cancellationToken);
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            throw new TrailException(ExitCode.BadUsage, $"{output} cannot be written: {WriteFailure.Reason(e)}", e);
        }
    }
}
