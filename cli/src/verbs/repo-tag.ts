import { formatCount, HoldfastError, repositoryTasks, type TaggedSnapshot } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { listOption } from '../options/value-option.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

interface TagFlags {
  readonly set?: readonly (readonly string[])[];
  readonly add?: readonly (readonly string[])[];
  readonly remove?: readonly (readonly string[])[];
}

const details = {
  group: 'What to change:',
  parse: (written: string): string[] =>
    written
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
};

export const repoTagVerb: Verb = {
  examples: [
    ['holdfast repo tag /mnt/backup/repo latest --add keep', 'give the newest version a tag'],
    ['holdfast repo tag /mnt/backup/repo --remove test', 'take a tag from all versions'],
  ],
  description: [
    'Changes the tags of versions. A version whose tags change gets another id, since the id is that of its contents; the first one is kept as its original.',
    'With --json each version that changed is an object {type:"snapshot", time, id, before, tags}.',
  ],
  define(command) {
    command
      .argument('<LOCATION>', 'a repository')
      .argument('[SNAPSHOT...]', 'ids or their beginnings, latest, latest~1, times; all versions where none is given')
      .addOption(listOption('--set <TAGS>', 'exactly these tags, with commas between; empty for none', details))
      .addOption(listOption('--add <TAGS>', 'these tags besides', details))
      .addOption(listOption('--remove <TAGS>', 'these tags no longer', details));
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const [location = '', ...snapshots] = words;
    const { set, add = [], remove = [] } = options as TagFlags;
    if (set === undefined && add.length + remove.length === 0)
      throw new HoldfastError('usage', 'Which tags?', { hint: 'Give --set, --add or --remove.' });
    const access = readRepositoryAccess(location, options, session.world);
    await using program = await session.open();
    const changed = await repositoryTasks.tag(program, {
      ...access,
      snapshots: snapshots.filter((word) => word !== undefined),
      ...(set && { set: set.flat() }),
      add: add.flat(),
      remove: remove.flat(),
    });
    for (const each of changed) session.reporter.result({ type: 'snapshot', record: each, text: () => describe(each) });
    session.reporter.note(`Changed ${formatCount(changed.length, 'version')}.`);
    return 0;
  },
};

function describe({ id, before, tags }: TaggedSnapshot): string {
  return `${id.slice(0, 12)} (was ${before.slice(0, 12)}): ${tags.map(escapeName).join(', ') || 'no tags'}`;
}
