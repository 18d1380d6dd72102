using System.CommandLine;
using System.Text;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Keys;

/// <summary><c>kubectl trail keys</c>: a key pair to encrypt an archive for, and the key that enrols agents.</summary>
static class KeysCommand
{
    internal const string Examples = """
        Examples:
          # auditor.key.pem to keep, auditor.pub.pem for the agents
          kubectl trail keys generate --out auditor
        """;

    static readonly Option<string> Out = new("--out")
    {
        Description = "The name of the files: NAME.key.pem and NAME.pub.pem.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "clustertrail",
    };

    internal static Command Build()
    {
        var generate = new Command("generate", "Generates a key pair (EC P-256): the private key for auditors, the public key for agents.")
        {
            Out,
        };
        generate.SetAction(arguments => (int)Generate(arguments.GetRequiredValue(Out), Terminal.Of(arguments)));
        return new("keys", "Manages the keys that archives are encrypted for, and shows those that sign them.")
        {
            generate, KeysExport.Build(),
        };
    }

    static ExitCode Generate(string name, Terminal terminal)
    {
        if (Path.EndsInDirectorySeparator(name))
            throw new TrailException(
                ExitCode.BadUsage, $"--out {name} is a folder; give the name of the files too, such as {name}auditor.");
        var (privatePath, publicPath) = ($"{name}.key.pem", $"{name}.pub.pem");
        NewFile.MustNotExist(privatePath);
        NewFile.MustNotExist(publicPath);
        var pair = KeyPair.GenerateP256();
        NewFile.Write(privatePath, pair.PrivatePem, NewFile.OwnerOnly);
        try
        {
            NewFile.Write(publicPath, pair.PublicPem, NewFile.ForAll);
        }
        catch (TrailException)
        {
            // The next run makes both; of the private key alone nobody would know what it is for.
            NewFile.TryDelete(privatePath);
            throw;
        }

        try
        {
            terminal.Output.Write(Encoding.UTF8.GetBytes(Text(privatePath, publicPath, pair)));
            return ExitCode.Ok;
        }
        catch (OutputException e) when (!e.IsClosed)
        {
            throw new TrailException(ExitCode.Unreadable, $"{privatePath} and {publicPath} are written. {e.Message}", e);
        }
    }

    static string Text(string privatePath, string publicPath, KeyPair pair) => $"""
        {Printable.Escape(privatePath)} is the private key. Keep it, and a copy, where auditors read and never in the cluster:
          whoever has it can read the archive, and without it nobody can.
        {Printable.Escape(publicPath)} is the public key. Give it to the agents: list it under encryption.envelope.recipientPaths.
        Its key id is {Convert.ToHexStringLower(Recipient.FromPem(pair.PublicPem).KeyId.Span)}.

        """;
}
