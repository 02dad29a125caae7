import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfiguration, writeConfiguration } from './config-file.ts';
import { configPath } from './config-path.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hf-configuration-'));
  path = join(folder, 'holdfast', 'config.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(text: string): void {
  mkdirSync(join(folder, 'holdfast'), { recursive: true });
  writeFileSync(path, text);
}

describe('configuration file', () => {
  it('is empty where there is none', async () => {
    expect(await readConfiguration(path)).toEqual({ plugins: [], locations: {} });
  });

  it('comes back as it was written, for its owner only, without leftovers', async () => {
    const configuration = {
      plugins: [{ name: 'holdfast-acme', folder: '/opt/acme' }],
      locations: { nas: { location: 'acme:host' } },
    };
    await writeConfiguration(path, configuration, 'a1');
    chmodSync(path, 0o644);
    await writeConfiguration(path, configuration, 'a2');
    expect(await readConfiguration(path)).toEqual(configuration);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'holdfast')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'holdfast'))).toEqual(['config.json']);
  });

  it('writes through a link to where the file is kept', async () => {
    mkdirSync(join(folder, 'holdfast'));
    writeFileSync(join(folder, 'kept.json'), '{}');
    symlinkSync('../kept.json', path);
    await writeConfiguration(path, { plugins: [{ name: 'x' }], locations: {} }, 't');
    expect(readlinkSync(path)).toBe('../kept.json');
    expect(readFileSync(join(folder, 'kept.json'), 'utf8')).toContain('"x"');
  });

  it('keeps the old file when the new one cannot be written', async () => {
    put('{"plugins":[{"name":"old"}]}');
    mkdirSync(`${path}.t.tmp`);
    await expect(writeConfiguration(path, { plugins: [], locations: {} }, 't')).rejects.toMatchObject({ code: 'write-failed' });
    expect((await readConfiguration(path)).plugins).toEqual([{ name: 'old' }]);
  });

  it.each([
    ['{"plugin":[]}', 'plugin'],
    ['{"plugins":[{"name":1}]}', 'plugins.0.name'],
    ['{"plugins":[{"name":"x","folder":"relative"}]}', 'plugins.0.folder'],
    ['{"locations":{"nas":"smb://x"}}', 'locations.nas'],
    ['{"locations":{"a b":{"location":"/x"}}}', 'locations.a b'],
    ['[]', 'object'],
  ])('names the wrong field of %s', async (text, field) => {
    put(text);
    const error = readConfiguration(path);
    await expect(error).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(error).rejects.toThrow(field);
    await expect(error).rejects.toThrow(path);
  });

  it('does not quote what it cannot read', async () => {
    put('hunter2');
    await expect(readConfiguration(path)).rejects.toThrow('is not valid JSON');
    await expect(readConfiguration(path)).rejects.not.toThrow('hunter2');
  });

  it('does not take a folder for a missing file', async () => {
    mkdirSync(path, { recursive: true });
    await expect(readConfiguration(path)).rejects.toMatchObject({ code: 'config-invalid' });
  });
});

describe('configPath', () => {
  it.each([
    [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/holdfast/config.json'],
    [{ XDG_CONFIG_HOME: 'relative', HOME: '/h' }, '/h/.config/holdfast/config.json'],
    [{ XDG_CONFIG_HOME: '', HOME: '/h' }, '/h/.config/holdfast/config.json'],
  ])('%j gives %s', (variables: Record<string, string>, expected) => {
    expect(configPath((name) => variables[name])).toBe(expected);
  });
});
