import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { PluginManifest } from '../contracts/plugin.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { findPackage } from './find-package.ts';
import type { PackageEntryFields } from './package-entry.ts';

/** A plugin that the configuration names: an npm package, and the folder it was found in where that was recorded. */
export interface PluginReference {
  readonly name: string;
  readonly folder?: string | undefined;
}

/** What is known of a plugin without running it. */
export interface PluginInfo {
  readonly name: string;
  readonly version: string;
  /** Absolute path of the package. */
  readonly folder: string;
  readonly manifest: PluginManifest;
  readonly entryFields: PackageEntryFields;
}

/**
 * Reads the manifest of a plugin; runs nothing of it. `bases` are the folders from which a name is looked up. Rejects with
 * `plugin-missing` when it is not installed, with `plugin-invalid` when it is no plugin or made for another Holdfast.
 */
export async function readPlugin(reference: PluginReference, bases: readonly string[]): Promise<PluginInfo> {
  const folder = reference.folder ?? (await findPackage(reference.name, bases));
  const fields = await readPackage(reference.name, folder);
  const name = typeof fields['name'] === 'string' ? fields['name'] : reference.name;
  if (name !== reference.name) {
    throw invalid(
      reference.name,
      `the package in ${folder} is "${name}"`,
      `Add it again with \`holdfast plugin add ${folder}\`.`,
    );
  }
  return {
    name,
    version: typeof fields['version'] === 'string' ? fields['version'] : '0.0.0',
    folder,
    manifest: checkManifest(name, fields['holdfast']),
    entryFields: { exports: fields['exports'], main: fields['main'] },
  };
}

/** A plugin by what a person typed: a package's name, looked up from `bases`, or a path to its folder (`./acme`, `/opt/acme`). */
export async function findPlugin(nameOrPath: string, bases: readonly string[]): Promise<PluginInfo> {
  const isPath = isAbsolute(nameOrPath) || /^\.{1,2}([/\\]|$)/.test(nameOrPath);
  const folder = isPath ? join(isAbsolute(nameOrPath) ? '' : (bases[0] ?? ''), nameOrPath) : await findPackage(nameOrPath, bases);
  const { name } = await readPackage(nameOrPath, folder);
  return readPlugin({ name: typeof name === 'string' ? name : nameOrPath, folder }, bases);
}

async function readPackage(name: string, folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, 'package.json');
  try {
    const fields: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof fields === 'object' && fields !== null) return fields as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new HoldfastError('plugin-missing', `The plugin "${name}" is not in ${folder} any more.`, {
        hint: `Install it again and run \`holdfast plugin add ${name}\`, or take it out with \`holdfast plugin remove ${name}\`.`,
      });
    }
    throw invalid(name, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw invalid(name, `${path} is not a JSON object`);
}

function checkManifest(name: string, manifest: unknown): PluginManifest {
  if (typeof manifest !== 'object' || manifest === null || !('apiVersion' in manifest)) {
    throw invalid(
      name,
      'its package.json has no field "holdfast" with an "apiVersion"',
      'It may be no plugin of Holdfast: check its name.',
    );
  }
  if (manifest.apiVersion !== 1) {
    const made = `it is made for version ${JSON.stringify(manifest.apiVersion)} of the plugin interface, and this Holdfast has version 1`;
    throw invalid(name, made, `Install a version of "${name}" for interface version 1, or another version of Holdfast.`);
  }
  const schemes: unknown = 'schemes' in manifest ? manifest.schemes : undefined;
  if (!Array.isArray(schemes) || schemes.length === 0 || !schemes.every(isScheme)) {
    throw invalid(name, '"holdfast.schemes" in its package.json is no list of location schemes such as ["acme"]');
  }
  return { apiVersion: 1, schemes };
}

function isScheme(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9+-]+$/.test(value);
}

function invalid(name: string, reason: string, hint?: string): HoldfastError {
  return new HoldfastError('plugin-invalid', `The plugin "${name}" cannot be used: ${reason}.`, {
    hint: hint ?? `Update it, or take it out with \`holdfast plugin remove ${name}\`.`,
  });
}
