import type { CompletedOption, CompletedVerb, CompletedWord, Completions } from './read-completions.ts';

/** A script for zsh (zshcompsys(1), `_arguments` and `_describe`). */
export function completeZsh({ first, second, verbs }: Completions): string {
  return `#compdef holdfast
_holdfast() {
  local -a words_of_holdfast
  local verb=
  local -i at
  for ((at = 2; at < CURRENT; at++)); do
    case $words[at] in
      --config) ((at++)); continue ;;
      -*) continue ;;
    esac
    verb+=\${verb:+ }$words[at]
    case $verb in ${[...second.keys()].join('|')}) ;; *) break ;; esac
  done
  case $verb in
    '')
      words_of_holdfast=(${first.map(describeWord).join(' ')})
      _describe 'command' words_of_holdfast
      ;;
${[...second].map(([group, words]) => `    ${group})\n      words_of_holdfast=(${words.map(describeWord).join(' ')})\n      _describe 'command' words_of_holdfast\n      ;;`).join('\n')}
${verbs.map(describeVerb).join('\n')}
  esac
}
compdef _holdfast holdfast`;
}

function describeWord({ word, summary }: CompletedWord): string {
  return quote(`${word}:${summary}`);
}

function describeVerb({ name, options, choices }: CompletedVerb): string {
  const specs = options.flatMap((option) => option.names.map((each) => quote(specOf(each, option))));
  const rest = choices.length > 0 ? quote(`*:word:(${choices.join(' ')})`) : quote('*:path:_files');
  return `    ${quote(name)})\n      _arguments ${[...specs, rest].join(' ')}\n      ;;`;
}

/** `--name=[description]:value:(a b)`; `=-` where the value stands in the same word, `*` where it may be given again. */
function specOf(name: string, { description, value, choices }: CompletedOption): string {
  const values = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
  const text = description.replace(/[[\]:\\]/g, '\\$&');
  if (value === 'none') return `*${name}[${text}]`;
  return value === 'after equals' ? `*${name}=-[${text}]::value:${values}` : `*${name}=[${text}]:value:${values}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
