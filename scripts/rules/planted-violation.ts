import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that breaks one rule, and how the check must say so. */
export interface PlantedViolation {
  /** The rule, as its tool names it. */
  readonly rule: string;
  /** Name in the table of checks. */
  readonly check: string;
  /** New files: paths in the project and what is written there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Breaks the rule where a new file would not: changes files of the copy in `folder`. */
  readonly edit?: (folder: string) => void;
  /** What the check's output must contain. */
  readonly reported: RegExp;
}

export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** Changes the manifest of the core in the copy in `folder`. */
export function editManifest(folder: string, change: (manifest: Record<string, unknown>) => void): void {
  const file = join(folder, 'core/package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}
