// Fetches the packages of the page with those of its tests, unless they are there as the lock file says.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const folder = new URL('../', import.meta.url).pathname;
const there = `${folder}node_modules/.package-lock.json`;
const fresh = existsSync(there) && existsSync(`${folder}node_modules/vitest`) && statSync(there).mtimeMs >= statSync(`${folder}package-lock.json`).mtimeMs;
if (!fresh) {
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
  process.exit(run.status ?? 1);
}
