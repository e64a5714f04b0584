import { programAt } from '@portcullis/testing';

export type { Finished, ServerProcess } from '@portcullis/testing';

export const { runCli, startServerProcess } = programAt(new URL('../../dist/main.js', import.meta.url));
