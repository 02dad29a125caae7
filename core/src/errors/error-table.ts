/** What one code means for a run. The page docs/errors.md is made from this table. */
export interface ErrorRow {
  /** What happened, in a few words. */
  readonly title: string;
  /** What the user can do about it. */
  readonly hint: string;
  /** `item`: the run goes on without this entry. `task`: the run ends. */
  readonly scope: 'item' | 'task';
  /** `backoff`: may pass by itself, tried again with growing waits. `never`: trying again cannot help. */
  readonly retry: 'never' | 'backoff';
  /** Exit code when this ends a run. */
  readonly exit: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 70 | 130;
}

const item = (title: string, hint: string, retry: ErrorRow['retry'] = 'never'): ErrorRow => ({
  title,
  hint,
  scope: 'item',
  retry,
  exit: 1,
});
const task = (exit: ErrorRow['exit'], title: string, hint: string, retry: ErrorRow['retry'] = 'never'): ErrorRow => ({
  title,
  hint,
  scope: 'task',
  retry,
  exit,
});

/** Every error that Holdfast reports, by code. */
export const errorTable = {
  'usage': task(2, 'wrong usage', 'See `holdfast help VERB` for what it takes.'),
  'location-invalid': task(
    2,
    'the location cannot be understood',
    'Write a path, `file:PATH`, or `SCHEME:…`; put `./` before a path that looks like a scheme.',
  ),
  'secret-in-location': task(
    2,
    'a secret stands in the location',
    'Give it by environment, `--password-file` or `--password-command`.',
  ),
  'config-invalid': task(2, 'the configuration is wrong', 'Correct the named field.'),
  'unsupported': task(2, 'this destination cannot do what the task needs', 'Choose another layout, option or destination.'),
  'source-missing': task(2, 'the source does not exist', 'Check the path; mount the disk if it should be there.'),
  'snapshot-missing': task(2, 'there is no such version', 'List what there is with `holdfast snapshots LOCATION`.'),
  'not-a-mirror': task(
    2,
    'nothing that Holdfast wrote is here',
    'Check the path, or make a clone there first with `holdfast clone`.',
  ),
  'not-a-repository': task(
    2,
    'there is no repository here',
    'Check the location, or make one there with `holdfast repo init LOCATION`.',
  ),
  'format-unknown': task(
    2,
    'this was written in a newer or unknown format',
    'Use the version of Holdfast that wrote it, or a newer one.',
  ),
  'plugin-missing': task(
    2,
    'no plugin handles this kind of location',
    'Install it with `npm i NAME`, then `holdfast plugin add NAME`.',
  ),
  'plugin-invalid': task(2, 'a plugin cannot be used', 'Update or remove the plugin.'),
  'access-denied': item('access is denied', 'Run as a user who may read and write it, or leave it out with --exclude.'),
  'destination-denied': task(
    3,
    'the destination does not let us write',
    'Check the permissions of the destination, or run as its owner.',
  ),
  'read-only': task(
    3,
    'the destination is read-only',
    'Mount it writable; if it became read-only by itself, check the disk and its file system first.',
  ),
  'password-wrong': task(3, 'the password is wrong', 'Give the password of one of the keys of the repository.'),
  'destination-full': task(
    4,
    'the destination is full',
    'Free some space, keep less in the safety net (--safety-net-keep), or use a larger disk.',
  ),
  'no-space': task(
    4,
    'the destination has too little room for what the run would write',
    'Free some space or use a larger disk.',
  ),
  'damaged': item('damaged data', 'Put it right with `holdfast verify LOCATION --repair-from SOURCE`.'),
  'changed': item(
    'it is not what was written there',
    'Somebody changed it; clone again to put it back, or keep the change by copying it to the source.',
  ),
  'state-damaged': task(
    5,
    'the records of this clone are damaged',
    'The files are still there to browse; clone again to make new records.',
  ),
  'verify-failed': item(
    'what was written is not what was read',
    'Run again; if it happens again, check the destination disk and the memory of this machine.',
    'backoff',
  ),
  'locked': task(6, 'another run uses this destination', 'Wait for it to end.'),
  'source-empty': task(
    7,
    'the source is empty but was not before',
    'Check that its disk is mounted. If it is meant to be empty: --allow-empty-source.',
  ),
  'source-vanished': task(7, 'the source is gone', 'Mount its disk and run again.'),
  'source-exchanged': task(
    7,
    'the source is another file system than in the last run',
    'Check that the right disk is mounted. If this is the new source: --adopt-source.',
  ),
  'destination-not-empty': task(
    7,
    'the destination holds files that Holdfast did not put there',
    'Choose an empty folder, or move them to the safety net with --adopt-destination.',
  ),
  'repository-exists': task(7, 'there is a repository already', 'Use it, or choose an empty folder.'),
  'wrong-volume': task(
    7,
    'the destination is not the volume it was',
    'Mount the right disk. If this copy is meant to be used: --adopt-volume.',
  ),
  'nested': task(
    7,
    'source and destination lie within each other',
    'Choose a destination outside of the source, or leave it out with --allow-nested and --exclude.',
  ),
  'same-disk': item(
    'source and destination are on the same disk, which is told once',
    'Clone to another disk too. If this is meant: --allow-same-disk.',
  ),
  'too-many-deletions': task(
    7,
    'the run would delete more than it may',
    'Look at the plan with --dry-run. If it is right: --max-delete with a higher number.',
  ),
  'name-collision': task(
    7,
    'two names of the source would be one at the destination',
    'Rename one of them, or exclude one with --exclude.',
  ),
  'plan-changed': task(7, 'the source or the destination changed after it was looked at', 'Run again.'),
  'not-found': item('it does not exist', 'It may have been removed meanwhile; run again.'),
  'exists': item('it exists already', 'Choose another name or allow to overwrite it.'),
  'name-not-allowed': item('the destination cannot hold this name', 'Rename it or exclude it.'),
  'too-large': item('it is larger than the destination can hold', 'Exclude it or use another destination.'),
  'not-a-directory': item('a directory was expected', 'Remove or rename what is in the way.'),
  'is-directory': item('a directory is in the way', 'Remove or rename it.'),
  'source-changed': item(
    'it changed while it was read',
    'Run again when nothing writes to it, or freeze the source with --snapshot.',
  ),
  'read-failed': item('it cannot be read', 'Check the disk that holds it.', 'backoff'),
  'write-failed': item('it cannot be written', 'Check the destination disk.', 'backoff'),
  'link-escapes': item(
    'a symbolic link stands in the way',
    'Remove the link from the target; Holdfast never writes through one.',
  ),
  'metadata-failed': item('its metadata cannot be set', 'Run as root, or leave it out with --no-owner or --no-xattrs.'),
  'connection-lost': task(1, 'the connection was lost', 'Run again; what was finished is not sent again.', 'backoff'),
  'throttled': task(1, 'the destination asks us to slow down', 'Lower --concurrency or set --bwlimit.', 'backoff'),
  'timed-out': task(1, 'the destination did not answer in time', 'Check the connection and run again.', 'backoff'),
  'fenced': task(6, 'the lock of the destination was lost', 'Run again; nothing was changed after the lock was lost.'),
  'interrupted': task(130, 'interrupted', 'Run the same command again to go on where it stopped.'),
  'internal': task(70, 'an error of Holdfast itself', 'Please report it with the output of the same command with -vv.'),
} as const satisfies Readonly<Record<string, ErrorRow>>;

export type ErrorCode = keyof typeof errorTable;
