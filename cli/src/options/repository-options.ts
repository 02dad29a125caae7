import { parseAge, type RepositoryAccess } from '@holdfast/core';
import type { Command } from 'commander';
import type { World } from '../program/session.ts';
import { passwordFrom } from './password-source.ts';
import { flag, valueOption } from './value-option.ts';

interface RepositoryFlags {
  readonly passwordFile?: string;
  readonly passwordCommand?: string;
  readonly retryLock?: number;
  readonly lock?: boolean;
  readonly cache?: boolean;
}

const group = 'Repository:';
const asWritten = (written: string): string => written;

/** What every verb that opens a repository takes: where the password comes from, and how to deal with locks. */
export function addRepositoryOptions(command: Command): void {
  addSecretOptions(command, '', 'the password');
  const wait = 'wait so long for a repository that is locked, for example 10m';
  command
    .addOption(valueOption('--retry-lock <AGE>', wait, { group, parse: parseAge }))
    .addOption(flag('--no-lock', 'read without locking: only where nobody removes anything meanwhile', group))
    .addOption(flag('--no-cache', 'keep nothing of the repository on this machine', group));
}

/** `prefix`: `new-` for the options of a second password. */
export function addSecretOptions(command: Command, prefix: string, what: string): void {
  const [file, secret] = [`--${prefix}password-file <FILE>`, `--${prefix}password-command <COMMAND>`];
  const named = prefix === '' ? 'passwordFile' : `${prefix.slice(0, -1)}PasswordFile`;
  command
    .addOption(valueOption(file, `read ${what} from this file`, { group, parse: asWritten }))
    .addOption(valueOption(secret, `read ${what} from what this command prints`, { group, parse: asWritten }).conflicts(named));
}

/** How to reach the repository at `location` with the options that `addRepositoryOptions` declares; `isNew`: it is to be made. */
export function readRepositoryAccess(location: string, options: object, world: World, { isNew = false } = {}): RepositoryAccess {
  const { passwordFile: file, passwordCommand: command, retryLock, lock = true, cache = true } = options as RepositoryFlags;
  const prompt = `${isNew ? 'New password' : 'Password'} of ${location}: `;
  return {
    location,
    password: passwordFrom(world, { file, command, variable: 'HOLDFAST_PASSWORD', prompt, isNew }),
    noLock: !lock,
    cache,
    ...(retryLock !== undefined && { retryLockMs: retryLock }),
  };
}
