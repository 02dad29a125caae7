import { type TaskContext, TransferredResponse } from '../workers/worker-protocol.ts';
import { BlockPacker, buffersOf } from './block-packer.ts';
import { isHole, type ScanPart, type ScanRequest, type ScanResponse, type ScanRules } from './scan-protocol.ts';
import { makeScanTools, type ScanTools } from './scan-tools.ts';
import type { SelectionFilter } from './selection-filter.ts';
import { SubtreeWalker } from './subtree-walker.ts';

let tools: ScanTools | undefined;
let entriesPerBlock = 0;
let filter: SelectionFilter | undefined;
let filterScan = -1;

/** The task `scan`: reads what the holes of the request stand for. */
export async function run(request: ScanRequest, context: TaskContext<never>): Promise<TransferredResponse<ScanResponse>> {
  const { rules } = request;
  if (rules.scanId !== filterScan) {
    filter = await loadFilter(rules);
    filterScan = rules.scanId;
  }
  const walker = new SubtreeWalker(request, toolsFor(rules), filter, () => context.throwIfAborted());
  walker.walk();
  const response = walker.findings.response();
  return new TransferredResponse(response, response.parts.flatMap(movableBuffers));
}

function toolsFor({ limits }: ScanRules): ScanTools {
  if (tools === undefined || entriesPerBlock !== limits.entriesPerBlock) {
    entriesPerBlock = limits.entriesPerBlock;
    tools = makeScanTools(new BlockPacker(entriesPerBlock));
  }
  return tools;
}

/** The core's rules take a while to load, so only a scan that needs them does. */
async function loadFilter({ selection, filtered }: ScanRules): Promise<SelectionFilter | undefined> {
  if (!filtered) return undefined;
  const { SelectionFilter } = await import('./selection-filter.ts');
  return new SelectionFilter(selection);
}

function movableBuffers(part: ScanPart): ArrayBuffer[] {
  if (!isHole(part)) return buffersOf(part);
  return part.names === undefined ? [] : [part.names.buffer as ArrayBuffer];
}
