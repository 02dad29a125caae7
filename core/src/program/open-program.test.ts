import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../container/scope.ts';
import { tokens } from '../tasks/tokens.ts';
import { openProgram } from './open-program.ts';
import { programFolders } from './program-folders.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hf-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(configuration?: string, configRequired = false): Promise<Scope> {
  const configPath = join(folder, 'config.json');
  if (configuration !== undefined) writeFileSync(configPath, configuration);
  return openProgram({
    places: { configPath, builtIn: ['own'], programFolder: folder },
    configRequired,
    log: { level: 'info', destination: { file: join(folder, 'log') } },
    sink: () => undefined,
    signal: new AbortController().signal,
  });
}

function installOwn(apiVersion: number): void {
  mkdirSync(join(folder, 'node_modules', 'own'), { recursive: true });
  writeFileSync(
    join(folder, 'node_modules', 'own', 'package.json'),
    JSON.stringify({ name: 'own', holdfast: { apiVersion, schemes: ['own'] } }),
  );
}

describe('openProgram', () => {
  it('provides what tasks need, from the configuration', async () => {
    installOwn(1);
    await using scope = await open('{"locations":{"nas":{"location":"own:x"}}}');
    for (const token of Object.values(tokens)) expect(scope.has(token)).toBe(true);
    expect(scope.resolve(tokens.savedLocations)).toEqual({ nas: { location: 'own:x' } });
    expect(scope.resolve(tokens.registry).plugins.map(({ name }) => name)).toEqual(['own']);
    scope.resolve(tokens.logger).info({ a: 1 }, 'Hello.');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('"msg":"Hello."');
  });

  it('does not begin with a plugin that cannot be used, or without a configuration that was named', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'plugin-missing' });
    installOwn(2);
    await expect(open()).rejects.toMatchObject({ code: 'plugin-invalid' });
    installOwn(1);
    await expect(open(undefined, true)).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(open('{"plugins":[{"name":"gone"}]}', true)).rejects.toThrow('"gone" is not installed');
  });
});

describe('programFolders', () => {
  it.each([
    [{ HOME: '/h' }, 'linux', '/h/.local/state/holdfast', '/h/.cache/holdfast', '/var/tmp'],
    [{ HOME: '/h', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c', TMPDIR: '/t' }, 'linux', '/s/holdfast', '/c/holdfast', '/t'],
    [{ HOME: '/h', XDG_STATE_HOME: 's', TMPDIR: '' }, 'darwin', '/h/.local/state/holdfast', '/h/.cache/holdfast', tmpdir()],
  ] as const)('%j on %s', (variables: Readonly<Record<string, string>>, platform, state, cache, scratch) => {
    expect(programFolders((name) => variables[name], platform)).toEqual({ state, cache, scratch });
  });
});
