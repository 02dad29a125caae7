import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Names of the packages that a program has loaded once the script has run. */
function loadedPackages(script: string): string[] {
  const entry = new URL('./index.ts', import.meta.url).href;
  const program = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({ resolve(specifier, context, next) {
      const found = next(specifier, context);
      const name = /.*node_modules[/]((?:@[^/]+[/])?[^/]+)/.exec(found.url)?.[1];
      if (name !== undefined) packages.add(name);
      return found;
    } });
    const core = await import(${JSON.stringify(entry)});
    ${script}
    process.stdout.write(JSON.stringify([...packages].sort()));`;
  const answer = execFileSync(process.execPath, ['--conditions=holdfast-source', '--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  return JSON.parse(answer) as string[];
}

it('loads no package before it is needed', () => {
  expect(loadedPackages('')).toEqual([]);
});

it('loads what checks the configuration and what injects, but no logging library, for a program that logs nothing', () => {
  const open = `
    const places = { configPath: '/nonexistent/config.json', builtIn: [], programFolder: '/nonexistent' };
    const log = { level: 'warn', destination: 'stderr' };
    await core.openProgram({ places, configRequired: false, log, sink: () => undefined, signal: new AbortController().signal });`;
  const packages = loadedPackages(open);
  expect(packages).toContain('tsyringe');
  expect(packages).toContain('valibot');
  expect(packages).not.toContain('pino');
  expect(packages).not.toContain('ignore');
});
