import type { Scope } from './scope.ts';

/** The scope of a process. Loads the injection library when first called: some commands need no scope. */
export async function createScope(name?: string): Promise<Scope> {
  const module = await import('./scope.ts');
  return module.Scope.root(name);
}
