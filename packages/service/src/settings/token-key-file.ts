import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@portcullis/domain';
import { isSystemError, makeFolder } from '@portcullis/files';
import { NotRegularFile, readRegularFile } from '../regular-file.ts';
import { type SettingFault, settingFault } from './fault.ts';
import { commonSettings } from './schema.ts';
import { isUsableSecret } from './token-secret.ts';

const FILE_NAME = 'token-secret';

/** 64 characters as text, and so enough for HS512, too (RFC 7518 §3.2). */
const NEW_SECRET_BYTES = 48;

/**
 * The secret kept in `folder`: the same for every process and after every restart. Its text can be moved to `TOKEN_SECRET` as it is.
 * @param makes whether a secret that is not there is made, by the first of the processes that ask; if not, the answer is undefined
 */
export async function keptTokenSecret(folder: string, makes: true): Promise<Result<string, SettingFault>>;
export async function keptTokenSecret(
  folder: string,
  makes: boolean,
): Promise<Result<string | undefined, SettingFault>>;
export async function keptTokenSecret(
  folder: string,
  makes: boolean,
): Promise<Result<string | undefined, SettingFault>> {
  const file = join(folder, FILE_NAME);
  try {
    const kept = await textOf(file);
    if (kept === undefined && !makes) return ok(undefined);
    const secret = (kept ?? (await makeOnce(folder, file))).trim();
    if (isUsableSecret(secret)) return ok(secret);
  } catch (fault) {
    if (!isSystemError(fault) && !(fault instanceof NotRegularFile)) throw fault;
    return err(settingFault('DATA_DIR', commonSettings.DATA_DIR));
  }
  return err({
    kind: 'setting-invalid',
    variable: 'DATA_DIR',
    expected: `a folder whose file ${FILE_NAME} is a key, or is not there; without it a new one is made, and every session ends`,
  });
}

const MAXIMUM_BYTES = 4096;

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(file, MAXIMUM_BYTES)).toString('utf8');
  } catch (fault) {
    if (isSystemError(fault, 'ENOENT')) return undefined;
    throw fault;
  }
}

/**
 * Writes aside and links the whole file into place, which fails where there is one already: of two processes at once one
 * wins, the other reads what the winner wrote, and nobody ever sees half a key, not even after a crash.
 */
async function makeOnce(folder: string, file: string): Promise<string> {
  // Others of this machine have no business among keys and password hashes.
  await makeFolder(folder);
  const aside = `${file}.${randomUUID()}`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(`${randomBytes(NEW_SECRET_BYTES).toString('base64url')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(aside, file);
  } catch (fault) {
    if (!isSystemError(fault, 'EEXIST')) throw fault;
  } finally {
    await rm(aside, { force: true });
  }
  return readFile(file, 'utf8');
}
