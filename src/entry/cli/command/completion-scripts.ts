/** Completion for each shell. The words of the line are handed on as they are, never evaluated. */

const bash = `# tentaculo: source <(tentaculo completion bash)
_tentaculo() {
  local IFS=$'\\n'
  COMPREPLY=($(tentaculo complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _tentaculo tentaculo`

const zsh = `#compdef tentaculo
# tentaculo: source <(tentaculo completion zsh), behind compinit
_tentaculo() {
  local line
  local -a described
  while IFS= read -r line; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(tentaculo complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#described )); then _describe tentaculo described; else _files; fi
}
compdef _tentaculo tentaculo`

const fish = `# tentaculo: tentaculo completion fish | source
complete -c tentaculo -f -a '(tentaculo complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
complete -c tentaculo -n '__fish_prev_arg_in --token-file --file' -F
complete -c tentaculo -n '__fish_seen_subcommand_from restore' -F`

export const completionScripts = { bash, zsh, fish } as const
