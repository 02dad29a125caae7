import { type RepositoryAccess, repositoryTasks } from '@holdfast/core';
import { addSecretOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { passwordFrom } from '../options/password-source.ts';
import { oneOf, valueOption } from '../options/value-option.ts';
import { shellQuote } from '../output/shell-quote.ts';
import type { World } from '../program/session.ts';
import type { Verb } from '../program/verb.ts';
import { saveKit } from './save-kit.ts';

interface InitFlags {
  readonly repositoryVersion: '1' | '2';
  readonly fromRepo?: string;
  readonly fromPasswordFile?: string;
  readonly fromPasswordCommand?: string;
  readonly kit?: string;
}

const group = 'What to make:';
const asWritten = (written: string): string => written;
const versions = ['1', '2'] as const;

export const repoInitVerb: Verb = {
  examples: [
    ['holdfast repo init /mnt/backup/repo --kit ~/repo-kit.txt', 'make a repository, and the page that helps to restore from it'],
    [
      'holdfast repo init /mnt/offsite/repo --from-repo /mnt/backup/repo',
      'cut files as another repository does, to copy between them',
    ],
  ],
  description: [
    'Makes an encrypted repository for versioned backups at LOCATION, in the format of restic, which opens it too. Without the password nothing in it can be read, by nobody.',
    'With --json it is an object {type:"repository", time, id, version, location, keyId}.',
  ],
  define(command) {
    command
      .argument('<LOCATION>', 'an empty folder, or one to be made')
      .addOption(
        valueOption('--repository-version <N>', 'version of the format: 2 (default), or 1 without compression', {
          group,
          choices: versions,
          parse: oneOf(versions),
        }).default('2'),
      )
      .addOption(
        valueOption('--from-repo <LOCATION>', 'cut files as this repository does, so that a copy stores nothing twice', {
          group,
          parse: asWritten,
        }),
      )
      .addOption(valueOption('--kit <FILE>', 'save the recovery kit in this new file', { group, parse: asWritten }));
    addSecretOptions(command, 'from-', 'the password of the other repository');
    addSecretOptions(command, '', 'the password');
  },
  async run({ words, options, session }) {
    const [location = ''] = words;
    const { repositoryVersion, kit } = options as InitFlags;
    const access = readRepositoryAccess(location, options, session.world, { isNew: true });
    const model = readModel(options as InitFlags, session.world);
    await using program = await session.open();
    const made = await repositoryTasks.init(program, {
      ...access,
      version: repositoryVersion === '1' ? 1 : 2,
      ...(model && { chunkerFrom: model }),
    });
    session.reporter.result({
      type: 'repository',
      record: made,
      text: () => `Made repository ${made.id.slice(0, 12)} at ${made.location}, version ${String(made.version)}.`,
    });
    if (kit !== undefined) await saveKit(await repositoryTasks.readKit(program, access), kit, session.reporter);
    else {
      session.reporter.note(
        `Without the password all is lost. Print or save the recovery kit: holdfast repo kit ${shellQuote(location)}`,
      );
    }
    return 0;
  },
};

function readModel({ fromRepo, fromPasswordFile, fromPasswordCommand }: InitFlags, world: World): RepositoryAccess | undefined {
  if (fromRepo === undefined) return undefined;
  const password = passwordFrom(world, {
    file: fromPasswordFile,
    command: fromPasswordCommand,
    variable: 'HOLDFAST_FROM_PASSWORD',
    prompt: `Password of ${fromRepo}: `,
  });
  return { location: fromRepo, password };
}
