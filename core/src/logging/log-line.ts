/** Fields that every line of the log has and that a person need not see. */
const machineFields = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v']);

/** A line of the log for a person: `10:00:01 debug Opened the source. path=/data`. `line` is one JSON object, as pino writes it. */
export function formatLogLine(line: string): string {
  let record: Readonly<Record<string, unknown>>;
  try {
    record = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const time = String(record['time']).slice(11, 19);
  const fields = Object.entries(record).filter(([name]) => !machineFields.has(name));
  const shown = fields.map(([name, value]) => `${name}=${formatValue(value)}`);
  return `${[time, record['level'], record['msg'], ...shown].join(' ')}\n`;
}

function formatValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value) return String(value.stack);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) || text === '' ? JSON.stringify(text) : text;
}
