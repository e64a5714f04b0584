// `npm run test:contract`: the rows of contract A over HTTP, against a server that is already up.
//
//   CONTRACT_URL=http://127.0.0.1:3000 CONTRACT_ADMIN_EMAIL=… CONTRACT_ADMIN_PASSWORD=… npm run test:contract
//
// The cases leave users and widgets behind: give the server a data folder of its own. CONTRACT_PUBLIC_URL says what its
// links begin with where that is not CONTRACT_URL. `npm test` runs all of them in one process, on both stores.
import { after } from 'node:test';
import { runningTarget } from '../support/running-server.ts';
import { contract } from './all.ts';
import { impossibleCases, proveContract } from './prove.ts';

const target = await runningTarget(process.env);
proveContract(target, contract);

const left = impossibleCases(target, contract);
after(() => {
  const lines = left.map(({ chapter, name, needs }) => `  ${chapter}: ${name} (needs ${needs.join(', ')})\n`);
  process.stderr.write(
    `\nNOT PROVED at ${target.name}: ${left.length} cases need what no server offers over HTTP. \`npm test\` proves them.\n${lines.join('')}`,
  );
});
