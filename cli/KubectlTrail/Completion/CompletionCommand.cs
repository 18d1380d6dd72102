using System.CommandLine;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Completion;

/// <summary><c>kubectl trail completion</c>: a script with which a shell, or kubectl, completes commands and options.</summary>
/// <remarks>The scripts ask the program itself, by the directive <c>[suggest]</c> of its command line library, so that they never grow old.</remarks>
static class CompletionCommand
{
    internal const string Examples = """
        Examples:
          # For "kubectl trail …", in any shell that completes kubectl; on the PATH, as kubectl-trail is
          kubectl trail completion kubectl > ~/.local/bin/kubectl_complete-trail && chmod +x ~/.local/bin/kubectl_complete-trail

          # For "kubectl-trail …" in bash
          source <(kubectl-trail completion bash)
        """;

    static readonly Dictionary<string, string> Scripts = new()
    {
        ["kubectl"] = """
            #!/bin/sh
            # kubectl gives the words after "trail", the last of which may be empty, and reads one candidate a line, then ":0".
            line="$*"
            kubectl-trail "[suggest:${#line}]" "$line" 2>/dev/null
            echo ":0"

            """,
        ["bash"] = """
            _kubectl_trail() {
                local line="${COMP_LINE#* }"
                local point=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
                mapfile -t COMPREPLY < <(kubectl-trail "[suggest:$point]" "$line" 2>/dev/null)
            }
            complete -o default -F _kubectl_trail kubectl-trail

            """,
        ["zsh"] = """
            #compdef kubectl-trail
            _kubectl_trail() {
                local line="${words[2,CURRENT]}"
                local -a found=("${(@f)$(kubectl-trail "[suggest:${#line}]" "$line" 2>/dev/null)}")
                if [[ -n "$found" ]]; then compadd -- "${found[@]}"; else _files; fi
            }
            compdef _kubectl_trail kubectl-trail

            """,
        ["fish"] = """
            function __kubectl_trail
                set -l line (commandline -cp | string replace -r '^\S+\s+' '')
                kubectl-trail "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c kubectl-trail -a '(__kubectl_trail)'

            """,
    };

    static readonly Argument<string> Shell = new Argument<string>("SHELL")
    {
        Description = "kubectl: what kubectl calls to complete its plugin, in any shell. bash, zsh, fish: for kubectl-trail itself.",
    }.AcceptOnlyFromAmong([.. Scripts.Keys]);

    internal static Command Build()
    {
        var command = new Command("completion", "Prints a script that completes commands and options.") { Shell };
        command.SetAction(arguments =>
        {
            Terminal.Of(arguments).Output.Write(Encoding.UTF8.GetBytes(Scripts[arguments.GetRequiredValue(Shell)]));
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
