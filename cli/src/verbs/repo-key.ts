import { HoldfastError, type KeyLine, type RepositoryAccess, repositoryTasks, type Scope } from '@holdfast/core';
import { addSecretOptions, addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { passwordFrom } from '../options/password-source.ts';
import { formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import type { Session } from '../program/session.ts';
import type { Verb } from '../program/verb.ts';
import { escapeMessage, escapeName } from '../terminal/escape-text.ts';

interface KeyFlags {
  readonly newPasswordFile?: string;
  readonly newPasswordCommand?: string;
}

interface Work {
  readonly program: Scope;
  readonly session: Session;
  readonly access: RepositoryAccess;
  readonly newPassword: () => Promise<string>;
  readonly key: string | undefined;
}

const columns = [{ title: 'KEY' }, { title: 'MADE' }, { title: 'BY' }, { title: '' }] as const;

export const repoKeyVerb: Verb = {
  examples: [
    ['holdfast repo key list /mnt/backup/repo', 'the keys; each opens the repository with a password of its own'],
    ['holdfast repo key add /mnt/backup/repo', 'a key for another password'],
    ['holdfast repo key passwd /mnt/backup/repo', 'change the password'],
    ['holdfast repo key remove /mnt/backup/repo 4f3c', 'remove a key by the beginning of its id'],
  ],
  description: [
    'Lists, adds and removes keys of a repository and changes its password. A new key is proved before the old one goes; the key in use is never removed. Who has copied a key file can still use it with its password: all keys open the same secret.',
    'With --json each key is an object {type:"key", time, id, current, created?, username?, hostname?, error?}; of one that was removed {type:"key", time, id, removed:true}.',
  ],
  define(command) {
    command
      .addArgument(command.createArgument('<ACTION>', 'list, add, remove or passwd').choices(Object.keys(actions)))
      .argument('<LOCATION>', 'a repository')
      .argument('[KEY]', 'the key to remove: its id or the beginning of it');
    addSecretOptions(command, 'new-', 'the new password');
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const [action = '', location = '', key] = words;
    if ((action === 'remove') !== (key !== undefined))
      throw new HoldfastError('usage', action === 'remove' ? 'Which key to remove?' : `"repo key ${action}" takes no key.`);
    const { newPasswordFile: file, newPasswordCommand: command } = options as KeyFlags;
    const secret = { file, command, variable: 'HOLDFAST_NEW_PASSWORD', prompt: 'New password: ', isNew: true };
    const access = readRepositoryAccess(location, options, session.world);
    await using program = await session.open();
    await actions[action as keyof typeof actions]({
      program,
      session,
      access,
      newPassword: passwordFrom(session.world, secret),
      key,
    });
    return 0;
  },
};

const actions = {
  async list({ program, session, access }: Work): Promise<void> {
    const keys = await repositoryTasks.listKeys(program, access);
    const [titles = '', ...rows] = formatTable(columns, keys.map(describe));
    for (const [index, key] of keys.entries()) {
      const text = (): string =>
        index === 0 ? `${session.screen.colours.out.bold(titles)}\n${rows[0] ?? ''}` : (rows[index] ?? '');
      session.reporter.result({ type: 'key', record: key, text });
    }
  },
  async add({ program, session, access, newPassword }: Work): Promise<void> {
    const id = await repositoryTasks.addKey(program, access, newPassword);
    session.reporter.result({ type: 'key', record: { id, current: false }, text: () => `Added key ${id.slice(0, 12)}.` });
  },
  async remove({ program, session, access, key = '' }: Work): Promise<void> {
    const id = await repositoryTasks.removeKey(program, access, key);
    session.reporter.result({ type: 'key', record: { id, removed: true }, text: () => `Removed key ${id.slice(0, 12)}.` });
  },
  async passwd({ program, session, access, newPassword }: Work): Promise<void> {
    const id = await repositoryTasks.changePassword(program, access, newPassword);
    const text = (): string => `The password is changed; its key is ${id.slice(0, 12)}. Make a new recovery kit.`;
    session.reporter.result({ type: 'key', record: { id, current: true }, text });
  },
} as const;

function describe({ id, current, created, username, hostname, error }: KeyLine): string[] {
  const by = username === undefined ? '-' : escapeName(`${username}@${hostname ?? ''}`);
  const made = created === undefined ? '-' : formatTime(new Date(created));
  return [id.slice(0, 12), made, by, error === undefined ? (current ? 'in use now' : '') : escapeMessage(error)];
}
