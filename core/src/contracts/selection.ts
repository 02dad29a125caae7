/** One rule of a selection; later rules win, with gitignore's syntax and meaning (gitignore(5)). */
export interface SelectionRule {
  readonly effect: 'include' | 'exclude';
  readonly pattern: string;
}

/** What of a tree takes part. Plain data, so that scan workers can apply it; `compileSelection` makes the function. */
export interface Selection {
  readonly rules: readonly SelectionRule[];
  /** Leave out files of more bytes than this. */
  readonly excludeLargerThan?: bigint;
  /** Leave out the contents (not the marker itself) of directories that hold a file of one of these names. */
  readonly excludeIfPresent: readonly string[];
  /** Leave out the contents of directories with a valid CACHEDIR.TAG. */
  readonly excludeCaches: boolean;
  /** Do not descend into other file systems; the mount point itself is kept, empty. */
  readonly oneFileSystem: boolean;
  /** Only these paths and what is below them (with the directories that lead there); empty: everything. */
  readonly paths: readonly string[];
  /** Take part although Holdfast keeps its own state there: `.holdfast` directories of mirrors and temporary names. */
  readonly includeState: boolean;
}
