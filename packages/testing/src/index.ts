export { CHEAP_HASHING } from './cheap-hashing.ts';
export { composeForTest, settingsForTest } from './composition.ts';
export { everywhere } from './everywhere.ts';
export { type JsonAnswer, type JsonRequest, jsonClient } from './json-client.ts';
export { readJwt, signJwt } from './jwt.ts';
export { type Finished, programAt, type ServerProcess } from './process.ts';
export { type MovableClock, type ServedForTest, type ServeForTestOptions, serveForTest } from './served.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { fakeTerminal, type Terminal } from './terminal.ts';
