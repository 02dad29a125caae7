import { chmod, mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { Configuration } from './config-schema.ts';
import { validateConfig } from './validate-config.ts';

/** The configuration in a file; a missing file is an empty configuration. Rejects with `config-invalid`, naming file and field. */
export async function readConfiguration(path: string): Promise<Configuration> {
  const { configSchema } = await import('./config-schema.ts');
  const text = await readText(path);
  return validateConfig(configSchema, text === undefined ? {} : parse(text, path), `The configuration ${path}`);
}

/**
 * Writes the configuration in one step: a reader, or this process after a power failure, finds the old file or the new one.
 * Only its owner may read it. `token` makes the temporary name unique. Rejects with `write-failed`.
 */
export async function writeConfiguration(path: string, configuration: Configuration, token: string): Promise<void> {
  // A link to a file that is kept elsewhere stays a link.
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.${token}.tmp`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeDurably(temporary, `${JSON.stringify(configuration, undefined, 2)}\n`);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new HoldfastError('write-failed', `Cannot write the configuration ${path}: ${reasonOf(error)}.`, {
      hint: 'Check that the folder is writable and has room.',
      cause: error,
    });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HoldfastError('config-invalid', `Cannot read the configuration ${path}: ${reasonOf(error)}.`, {
      hint: 'Check that it is a file that you may read.',
      cause: error,
    });
  }
}

function parse(text: string, path: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    // The parser quotes the text, and what stands there may be meant for nobody else: no quotation, and no cause.
    const reason = reasonOf(error).replace(/, (\.\.\.)?".*$/s, '');
    throw new HoldfastError('config-invalid', `The configuration ${path} is not valid JSON: ${reason}.`);
  }
  throw new HoldfastError('config-invalid', `The configuration ${path} is not a JSON object.`);
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  // The mode of open(2) is subject to the umask, which may take away more than it should.
  await chmod(path, 0o600);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
