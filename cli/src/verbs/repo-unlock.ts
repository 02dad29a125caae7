import { formatCount, type LockLine, repositoryTasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { flag } from '../options/value-option.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const repoUnlockVerb: Verb = {
  examples: [['holdfast repo unlock /mnt/backup/repo', 'remove the locks of processes that are gone']],
  description: [
    'Removes locks of a repository that nobody holds any more: those of processes of this machine that are gone, and those that were not refreshed for 30 minutes.',
    'With --json each lock is an object {type:"lock", time, id, removed, since?, exclusive?, hostname?, username?, pid?}.',
  ],
  define(command) {
    const all = 'remove every lock: only where it is certain that nobody uses the repository';
    command.argument('<LOCATION>', 'a repository').addOption(flag('--remove-all', all, 'What to remove:').default(false));
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const { removeAll } = options as { readonly removeAll: boolean };
    const access = readRepositoryAccess(words[0] ?? '', options, session.world);
    await using program = await session.open();
    const locks = await repositoryTasks.unlock(program, access, removeAll);
    for (const lock of locks) session.reporter.result({ type: 'lock', record: lock, text: () => describe(lock) });
    session.reporter.note(`Removed ${formatCount(locks.filter(({ removed }) => removed).length, 'lock')}.`);
    return 0;
  },
};

function describe({ id, removed, since, exclusive, hostname, username, pid }: LockLine): string {
  const what = `${removed ? 'Removed' : 'Left'} lock ${id.slice(0, 12)}`;
  if (since === undefined) return `${what}, which cannot be read`;
  const holder = `process ${String(pid)} of ${escapeName(username ?? '')} on ${escapeName(hostname ?? '')}`;
  return `${what} of ${holder}${exclusive === true ? ', alone' : ''}, since ${since}`;
}
