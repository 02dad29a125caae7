import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { HoldfastError } from '@holdfast/core';
import type { World } from '../program/session.ts';
import { askSecretly } from '../terminal/ask-secretly.ts';

export interface PasswordPlaces {
  /** Path of a file. */
  readonly file: string | undefined;
  /** For /bin/sh. */
  readonly command: string | undefined;
  /** Name of an environment variable, read where neither is given. */
  readonly variable: string;
  /** What is asked on a terminal where that is not set either. */
  readonly prompt: string;
  /** A new password: it is asked twice, and may not be empty. */
  readonly isNew?: boolean;
}

/** What finds out a password once, when it is first asked. It rejects with `usage` where there is none. */
export function passwordFrom(world: World, places: PasswordPlaces): () => Promise<string> {
  let found: Promise<string> | undefined;
  return () => (found ??= readPassword(world, places));
}

async function readPassword(world: World, places: PasswordPlaces): Promise<string> {
  const password = await findPassword(world, places);
  if (places.isNew === true && password === '') throw new HoldfastError('usage', 'An empty password protects nothing.');
  return password;
}

async function findPassword(world: World, places: PasswordPlaces): Promise<string> {
  const { file, command, variable, prompt, isNew } = places;
  if (file !== undefined) return fromFile(file);
  if (command !== undefined) return fromCommand(command);
  const set = world.environment(variable);
  if (set !== undefined) return set;
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !world.screen.errIsTerminal) throw noPassword(variable);
  const password = await askSecretly(prompt, stdin, stderr);
  if (isNew === true && (await askSecretly('Once more: ', stdin, stderr)) !== password)
    throw new HoldfastError('usage', 'The two passwords differ.');
  return password;
}

function noPassword(variable: string): HoldfastError {
  const option = variable.slice('HOLDFAST_'.length).toLowerCase().replaceAll('_', '-');
  return new HoldfastError('usage', 'No password was given, and there is no terminal to ask for it.', {
    hint: `Give --${option}-file or --${option}-command, or set ${variable}.`,
  });
}

async function fromFile(path: string): Promise<string> {
  try {
    return strip(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new HoldfastError('usage', `The password file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function fromCommand(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['inherit', 'pipe', 'inherit'] });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    const fail = (why: string): void => reject(new HoldfastError('usage', `The password command failed: ${why}.`));
    child.once('error', (error) => fail(error.message));
    child.once('close', (code, signal) =>
      code === 0
        ? resolve(strip(Buffer.concat(pieces).toString()))
        : fail(signal === null ? `it ended with ${String(code)}` : `it was ended by ${signal}`),
    );
  });
}

/** As restic reads it, so that one file serves both: without a byte order mark, and without spaces and line ends around it. */
function strip(text: string): string {
  return text.replace(/^\ufeff/, '').trim();
}
