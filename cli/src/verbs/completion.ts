import { completeBash } from '../completion/complete-bash.ts';
import { completeFish } from '../completion/complete-fish.ts';
import { completeZsh } from '../completion/complete-zsh.ts';
import { readCompletions } from '../completion/read-completions.ts';
import { chosenArgument } from '../options/chosen-argument.ts';
import { oneOf } from '../options/value-option.ts';
import type { Verb } from '../program/verb.ts';

const shells = { bash: completeBash, zsh: completeZsh, fish: completeFish } as const;
type Shell = keyof typeof shells;
const shellNames = Object.keys(shells) as Shell[];

export const completionVerb: Verb = {
  examples: [
    ['source <(holdfast completion bash)', 'for this bash; put it into ~/.bashrc for every one'],
    ['holdfast completion zsh > "${fpath[1]}/_holdfast"', 'for zsh'],
    ['holdfast completion fish > ~/.config/fish/completions/holdfast.fish', 'for fish'],
  ],
  description: ['Prints a script that makes a shell complete verbs, options and their values.'],
  define(command) {
    command.addArgument(chosenArgument('<SHELL>', shellNames.join(', '), shellNames, oneOf(shellNames)));
  },
  async run({ words, session, verbs }) {
    const shell = oneOf(shellNames)(words[0] ?? '');
    const script = shells[shell](await readCompletions(verbs));
    session.reporter.result({ type: 'completion', record: { shell, script }, text: () => script });
    return 0;
  },
};
