/** What a package.json says about what `import` of the package's name loads. */
export interface PackageEntryFields {
  readonly exports?: unknown;
  readonly main?: unknown;
}

/**
 * The entry module of a package, relative to its folder: the `.` of `exports` under the given conditions, else `main`, else
 * `index.js` (https://nodejs.org/api/packages.html#package-entry-points). undefined when the package exports none.
 * Here and not in Node, which resolves names only from the module that asks.
 */
export function packageEntry(fields: PackageEntryFields, conditions: ReadonlySet<string>): string | undefined {
  if (fields.exports === undefined || fields.exports === null) return typeof fields.main === 'string' ? fields.main : 'index.js';
  const { exports } = fields;
  const hasSubpaths = isObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  return resolveTarget(hasSubpaths ? exports['.'] : exports, conditions);
}

function resolveTarget(target: unknown, conditions: ReadonlySet<string>): string | undefined {
  if (typeof target === 'string') return target.startsWith('./') && !target.includes('/../') ? target : undefined;
  if (Array.isArray(target)) return firstDefined(target, (each) => resolveTarget(each, conditions));
  if (!isObject(target)) return undefined;
  const chosen = Object.entries(target).filter(([condition]) => condition === 'default' || conditions.has(condition));
  return firstDefined(chosen, ([, each]) => resolveTarget(each, conditions));
}

function firstDefined<T>(items: readonly T[], get: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = get(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
