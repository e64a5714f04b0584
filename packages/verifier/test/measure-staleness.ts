// How long a token is still taken after its logout was acknowledged, by the staleness that is allowed. `npm run measure` runs it.
import { verifyBearer } from '@portcullis/verifier';
import { startIssuer } from './support.ts';

const ROUNDS = 30;
const STALENESS_MS = [0, 100, 500];
const PAUSE_MS = 2;

const issuer = await startIssuer();
try {
  await issuer.register('one@example.org');
  process.stdout.write(
    '| `maximumStalenessMs` | logouts | taken after the logout, of them | for at most |\n|---|---|---|---|\n',
  );
  for (const maximumStalenessMs of STALENESS_MS) {
    const introspection = { ...issuer.options.introspection, maximumStalenessMs };
    const verify = verifyBearer({ ...issuer.options, introspection });
    let taken = 0;
    let longestMs = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { access_token: token } = await issuer.logIn('one@example.org');
      const isTaken = async () => (await verify(`Bearer ${token}`)).ok;
      if (!(await isTaken())) throw new Error('not taken at all');
      await issuer.post('/auth/logout', token);
      const since = performance.now();
      let lastMs: number | undefined;
      while (await isTaken()) {
        lastMs = performance.now() - since;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      if (lastMs !== undefined) taken += 1;
      longestMs = Math.max(longestMs, lastMs ?? 0);
    }
    process.stdout.write(`| ${maximumStalenessMs} | ${ROUNDS} | ${taken} | ${longestMs.toFixed(0)} ms |\n`);
  }
} finally {
  await issuer.close();
}
