import type { CompletedOption, CompletedVerb, Completions } from './read-completions.ts';

/** A script for bash (bash(1), "Programmable Completion"). bash takes the `=` of `--name=value` for a word of its own. */
export function completeBash({ first, second, verbs }: Completions): string {
  const groups = [...second.keys()];
  return `# bash completion for holdfast
_holdfast() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} equals= verb= word at
  if [[ $current == = ]]; then
    equals='=' current=
  elif [[ $previous == = ]]; then
    equals='=' previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in
      --config) ((at++)); [[ \${COMP_WORDS[at]} == = ]] && ((at++)); continue ;;
      -*) continue ;;
    esac
    verb+=\${verb:+ }$word
    case $verb in ${groups.join('|')}) ;; *) break ;; esac
  done
  local options='--help' values= words=
  case $verb in
    '') words='${first.map(({ word }) => word).join(' ')}' options='--help --version --json --config' ;;
${groups.map((group) => `    ${group}) words='${(second.get(group) ?? []).map(({ word }) => word).join(' ')}' ;;`).join('\n')}
${verbs.map(describeVerb).join('\n')}
  esac
  if [[ -n $values ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    compopt -o filenames 2> /dev/null || true
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _holdfast holdfast`;
}

function describeVerb({ name, options, choices }: CompletedVerb): string {
  const names = options.flatMap((option) => option.names).join(' ');
  const values = options.filter((option) => option.choices.length > 0).map(describeValues);
  return [
    `    ${name.replace(' ', '\\ ')})`,
    `      options='${names} --help'`,
    ...(choices.length > 0 ? [`      words='${choices.join(' ')}'`] : []),
    ...(values.length > 0 ? ['      case $previous$equals in', ...values, '      esac'] : []),
    '      ;;',
  ].join('\n');
}

function describeValues({ names, value, choices }: CompletedOption): string {
  const patterns = names.flatMap((name) => (value === 'next word' ? [name, `${name}=`] : [`${name}=`]));
  return `        ${patterns.join('|')}) values='${choices.join(' ')}' ;;`;
}
