const shape = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d[.]\d{3})Z$/;

/** The id of a run that starts at `time`: UTC, without the colons that SMB does not allow. Ids sort as their times do. */
export function formatRunId(time: Date): string {
  return time.toISOString().replaceAll(':', '');
}

/** When the run of this id started; undefined for what is no id. */
export function parseRunId(runId: string): Date | undefined {
  const match = shape.exec(runId);
  if (match === null) return undefined;
  const time = new Date(`${match[1] ?? ''}T${match[2] ?? ''}:${match[3] ?? ''}:${match[4] ?? ''}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * The id of a run that starts now, after all of `taken`. Where a clock went back the id is a millisecond later than the latest one,
 * since the order of ids is the order of runs.
 */
export function nextRunId(now: Date, taken: Iterable<string>): string {
  let latest = -Infinity;
  for (const runId of taken) latest = Math.max(latest, parseRunId(runId)?.getTime() ?? -Infinity);
  return formatRunId(new Date(Math.max(now.getTime(), latest + 1)));
}
