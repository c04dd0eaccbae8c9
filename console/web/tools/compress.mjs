// Writes FILE.gz beside each file of dist that gets smaller by it: the server hands out what is here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
let total = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith('.gz')) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  const zipped = gzipSync(bytes, { level: 9 });
  if (zipped.length < bytes.length) writeFileSync(`${path}.gz`, zipped);
  total += Math.min(zipped.length, bytes.length);
}
console.log(`page: ${(total / 1000).toFixed(1)} kB compressed`);
