/** Checks what no other tool does: file sizes, file names and words. Prints a line for each fault; exits with 1 when there is one. */
import { checkFileNames } from './sources/file-names.ts';
import { checkHouseWords } from './sources/house-words.ts';
import { checkSizes } from './sources/size-budget.ts';
import { readSourceFiles } from './sources/source-files.ts';

const files = readSourceFiles(process.cwd());
const faults = [...checkSizes(files), ...checkFileNames(files), ...checkHouseWords(files)];
for (const fault of faults) console.log(fault);
if (faults.length > 0) process.exitCode = 1;
