// Writes what the shelf shows into the README of the kit.
import { writeFileSync } from 'node:fs';
import { readmeBy, runShelf } from '../shelf/table.ts';

const { file, shouldBe } = readmeBy(await runShelf());
writeFileSync(file, shouldBe);
